import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useMay } from "../../graphql/viewer";
import { addTexts } from "../../i18n";
import { Page } from "../../parts/page";
import { SupportLink, Trouble } from "../../parts/trouble";
import { LinkAccountsDocument } from "./__generated__/link";
import { AccountCard, AccountCardSkeleton } from "./account-card";
import { AccountStatus } from "./account-status";
import { en } from "./en";
import { ImportedFields } from "./imported-fields";
import { ja } from "./ja";
import { useLive } from "./live";
import { RegisterForm } from "./register-form";
import { StoppedAccounts } from "./stopped-accounts";
import { useWaiting, WhoWaits } from "./waiting";

addTexts("link", { ja, en });

export function WantedlyLink() {
  const { t } = useTranslation("link");
  const may = useMay();
  const [{ data, error }, again] = useQuery({ query: LinkAccountsDocument, requestPolicy: "cache-and-network" });
  const { runs, newest } = useLive();
  const waiting = useWaiting([...runs.values()].map((run) => run.finishedAt ?? "").join(""));
  const medium = data?.media.find((each) => each.medium === "WANTEDLY");
  const accounts = data?.accounts.map(newest) ?? [];
  const current = accounts.filter((account) => account.status !== "UNLINKED");
  const stopped = accounts.filter((account) => account.status === "UNLINKED");
  const hours = medium ? medium.importIntervalSeconds / 3_600 : 8;
  return (
    <Page title={t("title")} lead={t("lead", { hours })} actions={<SupportLink />}>
      {error && <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />}
      {!(data && waiting !== null) && !error && <AccountCardSkeleton />}
      {data && waiting !== null && (
        <Stack gap="lg">
          {current.map((account) => (
            <AccountCard key={account.id} account={account} run={runs.get(account.id)} interval={hours * 3_600_000} />
          ))}
          {current.some((account) => account.status === "LINKED") && waiting > 0 && <WhoWaits count={waiting} />}
          {current.length === 0 && <NotLinked mayManage={may("MANAGE_LINKS")} />}
          {current.length > 0 && may("MANAGE_LINKS") && <AnotherAccount />}
          <StoppedAccounts accounts={stopped} mayManage={may("MANAGE_LINKS")} />
          {medium && <ImportedFields medium={medium} />}
        </Stack>
      )}
    </Page>
  );
}

/** 未連携: what to do now. */
function NotLinked({ mayManage }: { mayManage: boolean }) {
  const { t } = useTranslation("link");
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="register-account">
      <Stack>
        <Stack gap={6} aria-live="polite" align="flex-start">
          <AccountStatus status="UNLINKED" />
          <Title order={2} size="h4" id="register-account">
            {t("form.title")}
          </Title>
        </Stack>
        <Text size="sm">{t("meaning.UNLINKED")}</Text>
        {mayManage ? (
          <RegisterForm registered={() => {}} />
        ) : (
          <Text size="sm" c="dimmed">
            {t("readOnly")}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

/** A further account: several may be linked at once. */
function AnotherAccount() {
  const { t } = useTranslation("link");
  const [opened, setOpened] = useState(false);
  if (!opened)
    return (
      <Group>
        <Button variant="subtle" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpened(true)}>
          {t("addAccount")}
        </Button>
      </Group>
    );
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="another-account">
      <Title order={2} size="h4" id="another-account" mb="sm">
        {t("otherAccount")}
      </Title>
      <RegisterForm registered={() => setOpened(false)} cancel={() => setOpened(false)} />
    </Paper>
  );
}
