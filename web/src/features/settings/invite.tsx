import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import type { Role } from "../../graphql/__generated__/schema";
import { errorOf, useOutcome } from "../../parts/notify";
import { useReturnFocus } from "../../parts/return-focus";
import { SettingsInviteDocument } from "./__generated__/members";
import type { OneTimeLink } from "./one-time-link";
import { RoleChoice } from "./role-choice";

interface InviteProps {
  invited: (link: OneTimeLink) => void;
  close: () => void;
}

/** Invites somebody. */
export function Invite({ invited, close }: InviteProps) {
  useReturnFocus();
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  const outcome = useOutcome();
  const [, invite] = useMutation(SettingsInviteDocument);
  const form = useForm({ initialValues: { name: "", email: "", roles: ["COORDINATOR"] as Role[] } });
  const submit = form.onSubmit(async (input) => {
    const { data, error } = await invite({ input });
    const payload = data?.inviteMember;
    if (payload?.member && payload.invitationUrl && payload.expiresAt) {
      const { member, invitationUrl: url, expiresAt } = payload;
      return invited({ kind: "invited", name: member.name, url, expiresAt });
    }
    const errors = payload?.errors ?? [];
    const wrong = {
      name: errorOf(errors, "input", "name"),
      email: errorOf(errors, "input", "email"),
      roles: errorOf(errors, "input", "roles"),
    };
    form.setErrors(wrong);
    if (!wrong.name && !wrong.email && !wrong.roles) outcome(error, errors);
  });
  return (
    <Modal
      opened
      title={t("member.invite")}
      onClose={close}
      closeButtonProps={{ "aria-label": common("confirm.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            required
            data-autofocus
            maxLength={200}
            autoComplete="off"
            label={t("member.name")}
            {...form.getInputProps("name")}
          />
          <TextInput
            required
            type="email"
            autoComplete="off"
            label={t("member.email")}
            {...form.getInputProps("email")}
          />
          <RoleChoice
            value={form.values.roles}
            onChange={(roles) => form.setFieldValue("roles", roles)}
            error={typeof form.errors.roles === "string" ? form.errors.roles : null}
          />
          <Text size="sm" c="dimmed">
            {t("member.inviteHint")}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {common("confirm.cancel")}
            </Button>
            <Button type="submit" loading={form.submitting}>
              {t("member.inviteSubmit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
