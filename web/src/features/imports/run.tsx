import { Alert, Code, Group, List, Paper, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useQuery, useSubscription } from "urql";
import { usePaged } from "../../graphql/paged";
import { useMay } from "../../graphql/viewer";
import { BroughtIn } from "../../parts/brought-in";
import { Duration } from "../../parts/duration";
import { ExactTime } from "../../parts/exact-time";
import { IntakeBadge } from "../../parts/intake-status";
import { ButtonLink, TextLink } from "../../parts/links";
import { More } from "../../parts/more";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { short } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import { useAgain } from "../../parts/use-again";
import { type ImportRunLineFragment, ImportsChangedDocument } from "./__generated__/imports";
import {
  ImportsRunDocument,
  ImportsRunEntriesDocument,
  type ImportsRunQuery,
  ImportsRunUnreadableDocument,
} from "./__generated__/run";
import { Record } from "./record";
import classes from "./run-list.module.css";
import { RunNumbers } from "./run-numbers";

type WholeRun = Extract<ImportsRunQuery["node"], { __typename: "ImportRun" }>;

/** A run: its numbers, how it went, and what it brought in. */
export function Run() {
  const { t, i18n } = useTranslation("imports");
  const { runId } = useParams({ from: "/imports/$runId" });
  const links = useMay()("MANAGE_LINKS");
  const [{ data, error }, again] = useQuery({ query: ImportsRunDocument, variables: { id: runId, links } });
  const run = data?.node?.__typename === "ImportRun" ? data.node : null;
  useSubscription({
    query: ImportsChangedDocument,
    variables: { accountId: run?.account.id ?? null },
    pause: !run || run.finishedAt !== null,
  });
  const quarantined = run?.status === "QUARANTINED";
  // Events do not tell why a run was held back.
  useEffect(() => {
    if (quarantined && links) again({ requestPolicy: "network-only" });
  }, [quarantined, links, again]);
  const title = run ? t("at", { at: short(run.startedAt ?? run.dueAt, i18n.language) }) : t("run.title");
  return (
    <Page title={title}>
      <TextLink to="/imports" size="sm">
        {t("run.back")}
      </TextLink>
      {error && !data && <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />}
      {!error && !data && <ListSkeleton />}
      {data && !run && <Empty title={t("run.missing")} />}
      {run && <Whole run={run} />}
    </Page>
  );
}

function Whole({ run }: { run: WholeRun }) {
  const { t } = useTranslation("imports");
  const works = useMay()("WORK_INBOX");
  return (
    <>
      <HowItWent run={run} />
      <Paper withBorder p="md" component="section">
        <Group gap="sm" mb="sm">
          <Title order={2} size="h4">
            {t("run.numbers")}
          </Title>
          <IntakeBadge status={run.status} />
        </Group>
        <RunNumbers run={run} />
        {run.waiting > 0 && (
          <Text size="xs" c="dimmed" mt="xs">
            {t("run.asItWas")}
          </Text>
        )}
        {run.hidden > 0 && (
          <Text size="sm" c="dimmed" mt="md">
            {t("run.hidden", { count: run.hidden })}
          </Text>
        )}
      </Paper>
      <Timeline run={run} />
      {run.invalid > 0 && <RunUnreadable runId={run.id} invalid={run.invalid} />}
      <Stack component="section" gap="xs">
        <Title order={2} size="h4">
          {t("entries.title", { ns: "intake" })}
        </Title>
        {works ? <RunEntries runId={run.id} imported={run.imported} /> : <Text c="dimmed">{t("run.forbidden")}</Text>}
      </Stack>
    </>
  );
}

/** Why a run did not end well, in words, and what to do. */
function HowItWent({ run }: { run: WholeRun }) {
  const { t } = useTranslation("imports");
  const icon = <IconAlertTriangle aria-hidden />;
  if (run.status === "CANCELLED") {
    return <Alert color="gray">{t("run.cancelled")}</Alert>;
  }
  if (run.status === "QUARANTINED") {
    return (
      <Alert color="orange" icon={icon} title={t("run.quarantined")}>
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{run.quarantine?.message ?? run.failure?.message ?? t("run.quarantineAsk")}</Text>
          {run.quarantine && (
            <div>
              <Text size="sm" fw={600}>
                {t("run.changes")}
              </Text>
              <Text size="xs">{t("run.changesFor")}</Text>
              <List size="sm" mt={4}>
                {run.quarantine.changes.map((change) => (
                  <List.Item key={change}>
                    <Code>{change}</Code>
                  </List.Item>
                ))}
              </List>
            </div>
          )}
        </Stack>
      </Alert>
    );
  }
  if (!run.failure) return null;
  return (
    <Alert color="red" icon={icon} title={t("run.failed")}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{run.failure.message}</Text>
        <Text size="sm">{t("run.failedSince")}</Text>
        <ButtonLink to="/links/wantedly" size="xs" variant="default">
          {t("run.toLink")}
        </ButtonLink>
      </Stack>
    </Alert>
  );
}

function Timeline({ run }: { run: ImportRunLineFragment }) {
  const { t } = useTranslation("imports");
  const when = (at: string | null) => (at ? <ExactTime at={at} /> : t("run.notYet"));
  const points: [string, ReactNode][] = [
    [t("column.trigger"), t(`trigger.${run.trigger}`)],
    [t("account"), run.account.email],
    [t("run.due"), when(run.dueAt)],
    [t("run.began"), when(run.startedAt)],
    [t("run.ended"), when(run.finishedAt)],
    [t("run.took"), <Duration key="took" from={run.startedAt} to={run.finishedAt} />],
  ];
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t("run.timeline")}
      </Title>
      <Group component="dl" gap="xl" m={0} style={{ rowGap: "var(--mantine-spacing-sm)" }}>
        {points.map(([label, value]) => (
          <div key={label}>
            <Text component="dt" size="xs" c="dimmed">
              {label}
            </Text>
            <Text component="dd" m={0} size="sm">
              {value}
            </Text>
          </div>
        ))}
      </Group>
    </Stack>
  );
}

function RunEntries({ runId, imported }: { runId: string; imported: number }) {
  const list = usePaged(ImportsRunEntriesDocument, { id: runId }, (data) =>
    data.node?.__typename === "ImportRun" ? data.node.entries : null,
  );
  const { again } = list;
  useAgain(imported, again);
  return <BroughtIn list={list} />;
}

function RunUnreadable({ runId, invalid }: { runId: string; invalid: number }) {
  const { t } = useTranslation("imports");
  const list = usePaged(ImportsRunUnreadableDocument, { id: runId }, (data) =>
    data.node?.__typename === "ImportRun" ? data.node.invalidRecords : null,
  );
  const { again } = list;
  useAgain(invalid, again);
  return (
    <Stack component="section" gap="xs">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t("run.unreadable")}
        </Title>
        <ButtonLink to="/imports/unreadable" size="xs" variant="default">
          {t("unreadable.retry")}
        </ButtonLink>
      </Group>
      {list.error && list.nodes.length === 0 && <Trouble error={list.error} again={again} />}
      {list.empty && !list.error && <ListSkeleton lines={Math.min(invalid, 20)} height={79} />}
      <ul className={classes.list}>
        {list.nodes.map((record) => (
          <Record key={record.id} record={record} />
        ))}
      </ul>
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
  );
}
