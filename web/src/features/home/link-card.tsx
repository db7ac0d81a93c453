import { Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { TextLink } from "../../parts/links";
import { Time } from "../../parts/time";
import { AccountStatus } from "../link/account-status";
import { Countdown } from "../link/clock";
import type { HomeAccountFragment } from "./__generated__/home";
import { Card } from "./card";

/** Whether what should come in does. */
export function LinkCard({ accounts }: { accounts: readonly HomeAccountFragment[] }) {
  const { t } = useTranslation("home");
  const current = accounts.filter((account) => account.status !== "UNLINKED");
  return (
    <Card
      title={t("link.title")}
      footer={
        <TextLink to="/links/wantedly" size="sm">
          {t("link.open")}
        </TextLink>
      }
    >
      {current.map((account) => (
        <Account key={account.id} account={account} />
      ))}
      {current.length === 0 && (
        <Group gap="sm">
          <AccountStatus status="UNLINKED" />
          <Text size="sm">{t("link.none")}</Text>
        </Group>
      )}
    </Card>
  );
}

function Account({ account }: { account: HomeAccountFragment }) {
  const { t } = useTranslation("home");
  return (
    <Stack gap={4}>
      <Group gap="sm">
        <AccountStatus status={account.status} />
        <Text size="sm" miw={0}>
          {account.email}
        </Text>
      </Group>
      {account.failure && (
        <Text size="sm" c="var(--mantine-color-error)">
          {account.failure.message}
        </Text>
      )}
      {account.status === "LINKED" && (
        <Text size="sm" c="dimmed">
          {t("link.lastImported")}:{" "}
          {account.lastImportedAt ? <Time at={account.lastImportedAt} ago /> : t("link.notImported")}
          {account.nextImportAt && (
            <>
              {" · "}
              {t("link.nextImport")}: <Countdown to={account.nextImportAt} />
            </>
          )}
        </Text>
      )}
    </Stack>
  );
}
