import { Group, Paper, Select, Stack, Text, Title } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useQuery, useSubscription } from "urql";
import { usePaged } from "../../graphql/paged";
import { useMay } from "../../graphql/viewer";
import { IntakeBadge } from "../../parts/intake-status";
import { ButtonLink } from "../../parts/links";
import { More } from "../../parts/more";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { Time } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import {
  type ImportRunLineFragment,
  ImportsAccountsDocument,
  ImportsChangedDocument,
  ImportsListDocument,
  ImportsUnreadableCountDocument,
} from "./__generated__/imports";
import { RunChart } from "./run-chart";
import { RunList } from "./run-list";
import { RunNumbers } from "./run-numbers";

/** 取り込み履歴: what was imported, when, and how it went. */
export function Imports() {
  const { t } = useTranslation("imports");
  const { account } = useSearch({ from: "/imports" });
  const accountId = account ?? null;
  const [{ data: known }] = useQuery({ query: ImportsAccountsDocument });
  const list = usePaged(ImportsListDocument, { accountId }, (data) => data.importRuns);
  useSubscription({ query: ImportsChangedDocument, variables: { accountId } });
  const accounts = known?.accounts ?? [];
  return (
    <Page title={t("title")} lead={t("lead")} actions={<ToUnreadable />}>
      {(accounts.length > 1 || account) && <AccountFilter accounts={accounts} account={account} />}
      {list.error && list.nodes.length === 0 && <Trouble error={list.error} again={list.again} />}
      {list.empty && !list.error && <ListSkeleton />}
      {!list.empty && list.nodes.length === 0 && <NothingYet />}
      {list.nodes.length > 0 && (
        <>
          <Latest run={list.nodes.find((run) => run.startedAt !== null) ?? list.nodes[0]} />
          <RunChart accountId={account} />
          <Stack component="section" gap="xs">
            <Title order={2} size="h4">
              {t("list")}
            </Title>
            <RunList runs={list.nodes} several={accounts.length > 1} />
            <More
              shown={list.nodes.length}
              total={list.total}
              hasNextPage={list.hasNextPage}
              loading={list.loading}
              error={list.error}
              next={list.next}
              again={list.again}
            />
          </Stack>
        </>
      )}
    </Page>
  );
}

interface AccountFilterProps {
  accounts: readonly { id: string; email: string }[];
  account: string | undefined;
}

function AccountFilter({ accounts, account }: AccountFilterProps) {
  const { t } = useTranslation("imports");
  const navigate = useNavigate({ from: "/imports" });
  return (
    <Select
      label={t("account")}
      placeholder={t("allAccounts")}
      maw={360}
      clearable
      clearButtonProps={{ "aria-label": t("allAccounts") }}
      data={accounts.map(({ id, email }) => ({ value: id, label: email }))}
      value={account ?? null}
      onChange={(chosen) => void navigate({ search: chosen ? { account: chosen } : {} })}
    />
  );
}

function ToUnreadable() {
  const { t } = useTranslation("imports");
  const [{ data }] = useQuery({ query: ImportsUnreadableCountDocument });
  const count = data?.invalidRecords.totalCount ?? 0;
  return (
    <ButtonLink to="/imports/unreadable" variant="default">
      {count > 0 ? t("unreadableOpen", { count }) : t("unreadableNone")}
    </ButtonLink>
  );
}

function NothingYet() {
  const { t } = useTranslation("imports");
  const links = useMay()("MANAGE_LINKS");
  return (
    <Empty icon={<IconHistory size={40} stroke={1.2} aria-hidden />} title={t("empty.title")}>
      <Stack align="center" gap="sm">
        {t(links ? "empty.how" : "empty.ask")}
        <ButtonLink to="/links/wantedly">{t("empty.link")}</ButtonLink>
      </Stack>
    </Empty>
  );
}

/** The run under way, or else the last: always there, so that nothing moves when one begins. */
function Latest({ run }: { run: ImportRunLineFragment | undefined }) {
  const { t } = useTranslation("imports");
  if (!run) return null;
  return (
    <Paper withBorder p="md" component="section" aria-label={t("latest.title")} aria-busy={run.status === "RUNNING"}>
      <Group justify="space-between" mb="sm">
        <Group gap="sm">
          <Title order={2} size="h4">
            {t("latest.title")}
          </Title>
          <IntakeBadge status={run.status} />
          <Text size="sm" c="dimmed">
            <Time at={run.startedAt ?? run.dueAt} ago />
          </Text>
        </Group>
        <ButtonLink to="/imports/$runId" params={{ runId: run.id }} size="xs" variant="default">
          {t("latest.open")}
        </ButtonLink>
      </Group>
      <RunNumbers run={run} />
    </Paper>
  );
}
