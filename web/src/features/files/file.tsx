import { Alert, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useQuery, useSubscription } from "urql";
import { usePaged } from "../../graphql/paged";
import { useMay } from "../../graphql/viewer";
import { possible } from "../../parts/action-button";
import { BroughtIn } from "../../parts/brought-in";
import { Duration } from "../../parts/duration";
import { ExactTime } from "../../parts/exact-time";
import { IntakeBadge } from "../../parts/intake-status";
import { TextLink } from "../../parts/links";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { Sum } from "../../parts/sum";
import { Trouble } from "../../parts/trouble";
import { useAgain } from "../../parts/use-again";
import { FilesEntriesDocument, FilesOneDocument } from "./__generated__/file";
import { FilesChangedDocument, type FilesLineFragment } from "./__generated__/files";
import { BadLines } from "./bad-lines";
import { Cancel } from "./cancel";
import { NotForYou } from "./files";
import { FileProgress } from "./progress";
import { useSize } from "./size";

/** A file: how far it has come, what it brought in, and which lines could not come in. */
export function OneFile() {
  const { t } = useTranslation("files");
  const { fileId } = useParams({ from: "/files/$fileId" });
  const handles = useMay()("HANDLE_FILES");
  const [{ data, error }, again] = useQuery({ query: FilesOneDocument, variables: { id: fileId }, pause: !handles });
  const file = data?.node?.__typename === "ApplicantFileImport" ? data.node : null;
  useSubscription({
    query: FilesChangedDocument,
    variables: { id: fileId },
    pause: !file || file.finishedAt !== null,
  });
  return (
    <Page
      title={file?.fileName ?? t("one.title")}
      actions={file ? <Cancel id={file.id} state={possible(file.availableActions, "CANCEL")} /> : undefined}
    >
      {handles ? (
        <TextLink to="/files" size="sm">
          {t("one.back")}
        </TextLink>
      ) : (
        <NotForYou />
      )}
      {error && !data && <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />}
      {handles && !error && !data && <ListSkeleton />}
      {data && !file && <Empty title={t("one.missing")} />}
      {file && <Whole file={file} />}
    </Page>
  );
}

function Whole({ file }: { file: FilesLineFragment }) {
  const { t } = useTranslation("files");
  return (
    <>
      {file.status === "CANCELLED" && <Alert color="gray">{t("one.cancelled")}</Alert>}
      {file.failure && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t("one.failed")}>
          <Text size="sm">{file.failure.message}</Text>
          {file.failure.line !== null && <Text size="sm">{t("one.failedAt", { line: file.failure.line })}</Text>}
        </Alert>
      )}
      <Paper withBorder p="md" component="section" aria-busy={file.status === "RUNNING"}>
        <Group gap="sm" mb="sm">
          <Title order={2} size="h4">
            {t("one.progress")}
          </Title>
          <IntakeBadge status={file.status} />
        </Group>
        <Stack gap="md">
          <FileProgress file={file} />
          <Numbers file={file} />
          <Facts file={file} />
        </Stack>
      </Paper>
      {file.invalid > 0 && <BadLines fileId={file.id} invalid={file.invalid} />}
      <Stack component="section" gap="xs">
        <Title order={2} size="h4">
          {t("entries.title", { ns: "intake" })}
        </Title>
        <Entries fileId={file.id} imported={file.imported} />
      </Stack>
    </>
  );
}

function Numbers({ file }: { file: FilesLineFragment }) {
  const { t } = useTranslation("intake");
  return (
    <>
      <Sum
        total={{ label: t("number.lines"), value: file.done }}
        parts={[
          { label: t("number.known"), value: file.known, color: "gray.5" },
          { label: t("number.imported"), value: file.imported, color: "cyan.7" },
          { label: t("one.bad", { ns: "files" }), value: file.invalid, color: "red.6" },
        ]}
      />
      <Sum
        total={{ label: t("number.imported"), value: file.imported }}
        parts={[
          { label: t("number.routed"), value: file.routed, color: "teal.6" },
          { label: t("number.waiting"), value: file.waiting, color: "orange.5" },
        ]}
      />
    </>
  );
}

function Facts({ file }: { file: FilesLineFragment }) {
  const { t } = useTranslation("files");
  const size = useSize();
  const facts: [string, ReactNode][] = [
    [t("one.medium"), t(`medium.${file.medium}`, { ns: "common" })],
    [t("one.uploaded"), <ExactTime key="uploaded" at={file.uploadedAt} />],
    [t("one.size"), size(file.size)],
    [t("one.took"), <Duration key="took" from={file.startedAt} to={file.finishedAt} />],
  ];
  return (
    <Group component="dl" gap="xl" m={0} style={{ rowGap: "var(--mantine-spacing-sm)" }}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <Text component="dt" size="xs" c="dimmed">
            {label}
          </Text>
          <Text component="dd" m={0}>
            {value}
          </Text>
        </div>
      ))}
    </Group>
  );
}

function Entries({ fileId, imported }: { fileId: string; imported: number }) {
  const list = usePaged(FilesEntriesDocument, { id: fileId }, (data) =>
    data.node?.__typename === "ApplicantFileImport" ? data.node.entries : null,
  );
  const { again } = list;
  useAgain(imported, again);
  return <BroughtIn list={list} />;
}
