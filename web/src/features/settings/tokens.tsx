import { Alert, Button, Code, Group, Modal, Paper, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import { errorOf, useOutcome } from "../../parts/notify";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { useReturnFocus } from "../../parts/return-focus";
import { Trouble } from "../../parts/trouble";
import { SettingsCreateTokenDocument, SettingsTokensDocument } from "./__generated__/tokens";
import { SettingsNav } from "./settings-nav";
import { ShownOnce } from "./shown-once";
import { TokenList } from "./token-list";

/** The viewer's API tokens. */
export function Tokens() {
  const { t } = useTranslation("settings");
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [{ data, error }, again] = useQuery({ query: SettingsTokensDocument, requestPolicy: "cache-and-network" });
  const tokens = data?.viewer.tokens;
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      {t("token.create")}
    </Button>
  );
  return (
    <Page title={t("token.title")} lead={t("token.lead")} actions={tokens && tokens.length > 0 && create}>
      <SettingsNav />
      {error && !tokens && <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />}
      {!error && !tokens && <ListSkeleton lines={3} height={64} />}
      {tokens && (
        <Paper withBorder p={{ base: "md", sm: "lg" }}>
          <Stack>
            {tokens.length === 0 && (
              <Empty icon={<IconKey size={32} stroke={1.4} aria-hidden />} title={t("token.none")}>
                <Stack align="center">
                  {t("token.noneHint")}
                  {create}
                </Stack>
              </Empty>
            )}
            <TokenList tokens={tokens} />
          </Stack>
        </Paper>
      )}
      {creating && (
        <NewToken
          close={() => setCreating(false)}
          made={(shown) => {
            setCreating(false);
            setSecret(shown);
          }}
        />
      )}
      {secret && (
        <ShownOnce
          title={t("token.made")}
          hint={t("token.howHint")}
          label={t("token.secret")}
          secret={secret}
          close={() => setSecret(null)}
        >
          <div>
            <Text size="sm" fw={500}>
              {t("token.how")}
            </Text>
            <Code block style={{ whiteSpace: "pre-wrap" }}>
              Authorization: Bearer {secret}
            </Code>
          </div>
        </ShownOnce>
      )}
    </Page>
  );
}

const lives = [7, 30, 90, 180, 365];

function NewToken({ made, close }: { made: (secret: string) => void; close: () => void }) {
  useReturnFocus();
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  const outcome = useOutcome();
  const [, createToken] = useMutation(SettingsCreateTokenDocument);
  const form = useForm({ initialValues: { name: "", days: "90" } });
  const submit = form.onSubmit(async ({ name, days }) => {
    const { data, error } = await createToken({ input: { name, expiresInDays: Number(days) || null } });
    const payload = data?.createToken;
    if (payload?.secret) return made(payload.secret);
    const errors = payload?.errors ?? [];
    const wrong = { name: errorOf(errors, "input", "name"), days: errorOf(errors, "input", "expiresInDays") };
    form.setErrors(wrong);
    if (!wrong.name && !wrong.days) outcome(error, errors);
  });
  return (
    <Modal
      opened
      title={t("token.create")}
      onClose={close}
      closeButtonProps={{ "aria-label": common("confirm.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            required
            maxLength={200}
            data-autofocus
            label={t("token.name")}
            placeholder={t("token.namePlaceholder")}
            {...form.getInputProps("name")}
          />
          <Select
            label={t("token.days")}
            allowDeselect={false}
            data={[
              ...lives.map((days) => ({ value: String(days), label: t("token.daysOf", { count: days }) })),
              { value: "none", label: t("token.forever") },
            ]}
            {...form.getInputProps("days")}
          />
          {form.values.days === "none" && <Alert color="orange">{t("token.foreverHint")}</Alert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {common("confirm.cancel")}
            </Button>
            <Button type="submit" loading={form.submitting}>
              {t("token.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
