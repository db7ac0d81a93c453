import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Time } from "../../parts/time";
import type { LinkAccountFragment } from "./__generated__/link";
import { AccountStatus } from "./account-status";
import { RegisterForm } from "./register-form";

interface StoppedAccountsProps {
  accounts: readonly LinkAccountFragment[];
  mayManage: boolean;
}

/** 停止したアカウント: each can be registered again, with all that it brought in. */
export function StoppedAccounts({ accounts, mayManage }: StoppedAccountsProps) {
  const { t } = useTranslation("link");
  const [opened, setOpened] = useState<string | null>(null);
  if (accounts.length === 0) return null;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="stopped-accounts">
      <Title order={2} size="h4" id="stopped-accounts" mb="sm">
        {t("stoppedAccounts")}
      </Title>
      <Stack>
        {accounts.map((account) => (
          <Stack key={account.id} gap="md">
            <Group gap="sm">
              <AccountStatus status={account.status} />
              <Text size="sm" fw={600} miw={0}>
                {account.email}
              </Text>
              {account.stoppedAt && (
                <Text size="sm" c="dimmed">
                  {t("stoppedAt")}: <Time at={account.stoppedAt} />
                </Text>
              )}
              {mayManage &&
                opened !== account.id &&
                account.availableActions.some((state) => state.action === "REGISTER" && state.enabled) && (
                  <Button
                    size="compact-md"
                    variant="default"
                    ml="auto"
                    aria-label={`${t("registerAgain")}: ${account.email}`}
                    onClick={() => setOpened(account.id)}
                  >
                    {t("registerAgain")}
                  </Button>
                )}
            </Group>
            {opened === account.id && (
              <RegisterForm again={account} registered={() => setOpened(null)} cancel={() => setOpened(null)} />
            )}
          </Stack>
        ))}
      </Stack>
    </Paper>
  );
}
