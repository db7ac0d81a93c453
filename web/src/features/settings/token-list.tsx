import { Badge, Box, Divider, Group, Stack, Text } from "@mantine/core";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { useServerNow } from "../../graphql/clock";
import { ActionButton, possible } from "../../parts/action-button";
import { useKeptFocus } from "../../parts/kept-focus";
import { done, useOutcome } from "../../parts/notify";
import { row } from "../../parts/rows";
import { Time } from "../../parts/time";
import { SettingsRevokeTokenDocument, type SettingsTokenFragment } from "./__generated__/tokens";
import { Sure } from "./sure";
import { stateOf } from "./token-state";

/** API tokens, and how to revoke them. */
export function TokenList({ tokens }: { tokens: readonly SettingsTokenFragment[] }) {
  const { t } = useTranslation("settings");
  const outcome = useOutcome();
  const focus = useKeptFocus();
  const [revoking, setRevoking] = useState<SettingsTokenFragment | null>(null);
  const [, revoke] = useMutation(SettingsRevokeTokenDocument);
  const revokeIt = async ({ id, name }: SettingsTokenFragment) => {
    const { data, error } = await revoke({ id });
    if (outcome(error, data?.revokeToken.errors)) done(t("token.revokedDone", { name }));
  };
  if (tokens.length === 0) return null;
  return (
    <Stack {...focus.within}>
      {tokens.map((token, i) => (
        <Fragment key={token.id}>
          {i > 0 && <Divider />}
          <TokenLine token={token} revoke={() => setRevoking(token)} />
        </Fragment>
      ))}
      {revoking && (
        <Sure
          title={t("token.revokeTitle", { name: revoking.name })}
          action={t("token.revoke")}
          grave
          doIt={() => revokeIt(revoking)}
          close={() => setRevoking(null)}
        >
          <Text size="sm">{t("token.revokeHint")}</Text>
        </Sure>
      )}
    </Stack>
  );
}

const colours = { works: "teal", expired: "gray", revoked: "gray" };

function TokenLine({ token, revoke }: { token: SettingsTokenFragment; revoke: () => void }) {
  const { t } = useTranslation("settings");
  const state = stateOf(token, useServerNow(30_000));
  return (
    <Group justify="space-between" gap="sm" role="group" aria-label={token.name} {...row}>
      <Box flex="1 1 260px">
        <Group gap="xs">
          <Text fw={500}>{token.name}</Text>
          <Badge variant="light" color={colours[state]}>
            {t(`token.state.${state}`)}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {token.lastUsedAt ? (
            <>
              {t("token.used")} <Time at={token.lastUsedAt} ago />
            </>
          ) : (
            t("token.unused")
          )}
          {" · "}
          {token.revokedAt ? (
            <>
              {t("token.revoked")} <Time at={token.revokedAt} />
            </>
          ) : token.expiresAt ? (
            <>
              {t("token.expires")} <Time at={token.expiresAt} />
            </>
          ) : (
            t("token.noExpiry")
          )}
          {" · "}
          {t("token.created")} <Time at={token.createdAt} />
        </Text>
      </Box>
      <ActionButton
        state={possible(token.availableActions, "REVOKE")}
        size="xs"
        variant="default"
        aria-label={t("token.revokeOf", { name: token.name })}
        onClick={revoke}
      >
        {t("token.revoke")}
      </ActionButton>
    </Group>
  );
}
