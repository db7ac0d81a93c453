import { Group, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useMay } from "../../graphql/viewer";
import { ActionButton } from "../../parts/action-button";
import type { LinkAccountFragment, LinkRunFragment } from "./__generated__/link";
import { AccountStatus } from "./account-status";
import { Elapsed, SlowVerification } from "./clock";
import { AuthFailed, SystemError } from "./failed";
import { Linked } from "./linked";
import { StopDialog } from "./stop-dialog";

interface AccountCardProps {
  account: LinkAccountFragment;
  run: LinkRunFragment | undefined;
  /** Milliseconds between two imports. */
  interval: number;
}

/** An account that is linked, on its way there, or failed. */
export function AccountCard({ account, run, interval }: AccountCardProps) {
  const { t } = useTranslation("link");
  const may = useMay();
  const [opened, { open, close }] = useDisclosure();
  const action = (name: string) => account.availableActions.find((state) => state.action === name);
  const manages = may("MANAGE_LINKS");
  const mayRegister = manages && Boolean(action("REGISTER")?.enabled);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={`account-${account.id}`}>
      <Stack>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Stack gap={6} aria-live="polite" align="flex-start">
            <AccountStatus status={account.status} />
            <Title order={2} size="h4" id={`account-${account.id}`}>
              {account.email}
            </Title>
          </Stack>
          {manages && action("STOP")?.enabled && (
            <ActionButton state={action("STOP")} variant="outline" color="red" onClick={open} flex="none">
              {t("stop")}
            </ActionButton>
          )}
        </Group>
        {/* Why it failed says more. */}
        {!(account.status === "AUTH_FAILED" && account.failure) && (
          <Text size="sm">{t(`meaning.${account.status}`)}</Text>
        )}
        {account.status === "VERIFYING" && account.verificationStartedAt && (
          <Stack gap={4}>
            <Text size="xs" c="dimmed">
              {t("elapsed")}
            </Text>
            <Elapsed since={account.verificationStartedAt} />
            <SlowVerification since={account.verificationStartedAt} />
          </Stack>
        )}
        {account.status === "LINKED" && <Linked account={account} run={run} interval={interval} />}
        {account.status === "AUTH_FAILED" && <AuthFailed account={account} mayRegister={mayRegister} />}
        {account.status === "SYSTEM_ERROR" && <SystemError account={account} mayRegister={mayRegister} />}
        {!manages && (
          <Text size="sm" c="dimmed">
            {t("readOnly")}
          </Text>
        )}
      </Stack>
      <StopDialog account={account} opened={opened} close={close} />
    </Paper>
  );
}

/** As high as a linked account. */
export function AccountCardSkeleton() {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="md" role="status" aria-label={t("list.loading")}>
      <Stack>
        <Skeleton height={26} width={120} radius="xl" />
        <Skeleton height={24} width="40%" />
        <Skeleton height={20} width="70%" />
        <Skeleton height={48} />
        <Skeleton height={72} />
        <Skeleton height={36} width={240} />
      </Stack>
    </Paper>
  );
}
