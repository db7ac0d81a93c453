import { Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import type { MemberAction } from "../../graphql/__generated__/schema";
import { ActionButton } from "../../parts/action-button";
import { useKeptFocus } from "../../parts/kept-focus";
import { done, useOutcome } from "../../parts/notify";
import { row } from "../../parts/rows";
import {
  SettingsDisableMemberDocument,
  SettingsEnableMemberDocument,
  SettingsInviteAgainDocument,
  type SettingsMemberFragment,
  SettingsResetPasswordDocument,
} from "./__generated__/members";
import type { OneTimeLink } from "./one-time-link";
import { Sure } from "./sure";

interface MemberAccessProps {
  member: SettingsMemberFragment;
  linked: (link: OneTimeLink) => void;
}

/** Lets a member in, or no longer. */
export function MemberAccess({ member, linked }: MemberAccessProps) {
  const { t } = useTranslation("settings");
  const outcome = useOutcome();
  const [disabling, setDisabling] = useState(false);
  const [, inviteAgain] = useMutation(SettingsInviteAgainDocument);
  const [, resetPassword] = useMutation(SettingsResetPasswordDocument);
  const [, disableMember] = useMutation(SettingsDisableMemberDocument);
  const [, enableMember] = useMutation(SettingsEnableMemberDocument);
  const focus = useKeptFocus();
  const { id, name } = member;

  const invite = async () => {
    const { data, error } = await inviteAgain({ id });
    const made = data?.inviteMemberAgain;
    if (outcome(error, made?.errors) && made?.invitationUrl && made.expiresAt)
      linked({ kind: "invited", name, url: made.invitationUrl, expiresAt: made.expiresAt });
  };
  const reset = async () => {
    const { data, error } = await resetPassword({ id });
    const made = data?.resetMemberPassword;
    if (outcome(error, made?.errors) && made?.passwordResetUrl && made.expiresAt)
      linked({ kind: "reset", name, url: made.passwordResetUrl, expiresAt: made.expiresAt });
  };
  const disable = async () => {
    const { data, error } = await disableMember({ id, expectedRevision: member.revision });
    if (outcome(error, data?.disableMember.errors)) done(t("member.disabled", { name }));
  };
  const enable = async () => {
    const { data, error } = await enableMember({ id });
    if (outcome(error, data?.enableMember.errors)) done(t("member.enabled", { name }));
  };

  const ways: { action: Exclude<MemberAction, "CHANGE_ROLES">; go: () => void }[] = [
    { action: "INVITE_AGAIN", go: invite },
    { action: "RESET_PASSWORD", go: reset },
    { action: "DISABLE", go: () => setDisabling(true) },
    { action: "ENABLE", go: enable },
  ];
  return (
    <Stack gap="sm" {...focus.within}>
      <Title order={2} size="h5">
        {t("member.actions")}
      </Title>
      <Group gap="xs" role="group" aria-label={t("member.actions")} {...row}>
        {ways.map(({ action, go }) => (
          <ActionButton
            key={action}
            size="xs"
            variant="default"
            state={member.availableActions?.find((each) => each.action === action)}
            onClick={go}
          >
            {t(`member.${action}`)}
          </ActionButton>
        ))}
      </Group>
      {disabling && (
        <Sure
          title={t("member.disableTitle", { name })}
          action={t("member.DISABLE")}
          grave
          doIt={disable}
          close={() => setDisabling(false)}
        >
          <Text size="sm">{t("member.disableHint")}</Text>
        </Sure>
      )}
    </Stack>
  );
}
