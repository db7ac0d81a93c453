import { Group, Stack, Text, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSubscription } from "urql";
import { usePaged } from "../../graphql/paged";
import { useMay } from "../../graphql/viewer";
import { IntakeBadge } from "../../parts/intake-status";
import { TextLink } from "../../parts/links";
import { More } from "../../parts/more";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { Time } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import { FilesChangedDocument, type FilesLineFragment, FilesListDocument } from "./__generated__/files";
import classes from "./files.module.css";
import { FileProgress } from "./progress";
import { Upload } from "./upload";

/** ファイル取り込み: brings in files of applicants, and shows what came of each. */
export function Files() {
  const { t } = useTranslation("files");
  const handles = useMay()("HANDLE_FILES");
  return (
    <Page title={t("title")} lead={t("lead")}>
      {handles ? <Handled /> : <NotForYou />}
    </Page>
  );
}

export function NotForYou() {
  const { t } = useTranslation("files");
  return (
    <Empty icon={<IconLock size={40} stroke={1.2} aria-hidden />} title={t("forbidden.title")}>
      {t("forbidden.why")}
    </Empty>
  );
}

function Handled() {
  const { t } = useTranslation("files");
  const list = usePaged(FilesListDocument, {}, (data) => data.fileImports);
  useSubscription({ query: FilesChangedDocument, variables: {} });
  return (
    <>
      <Upload lastMedium={list.nodes[0]?.medium} />
      <Stack component="section" gap="xs">
        <Title order={2} size="h4">
          {t("list.title")}
        </Title>
        {list.error && list.nodes.length === 0 && <Trouble error={list.error} again={list.again} />}
        {list.empty && !list.error && <ListSkeleton height={72} lines={4} />}
        {!list.empty && list.nodes.length === 0 && <Empty title={t("list.empty")}>{t("list.emptyHow")}</Empty>}
        {list.nodes.length > 0 && (
          <>
            <ul className={classes.list} aria-label={t("list.title")}>
              {list.nodes.map((file) => (
                <Line key={file.id} file={file} />
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
          </>
        )}
      </Stack>
    </>
  );
}

function Line({ file }: { file: FilesLineFragment }) {
  const { t, i18n } = useTranslation("files");
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <TextLink to="/files/$fileId" params={{ fileId: file.id }} fw={600} className={classes.target ?? ""}>
          {file.fileName ?? t("list.nameless")}
        </TextLink>
        <Text size="xs" c="dimmed">
          {t(`medium.${file.medium}`, { ns: "common" })} · <Time at={file.uploadedAt} />
          {file.uploadedBy && ` · ${t("list.by", { name: file.uploadedBy.name })}`}
        </Text>
      </div>
      <div>
        <IntakeBadge status={file.status} />
      </div>
      <FileProgress file={file} />
      <Group gap="md">
        <Text size="sm" className="numbers">
          {t("imported", { number: number.format(file.imported) })}
        </Text>
        <Text size="sm" className="numbers" c={file.invalid > 0 ? "var(--mantine-color-error)" : "dimmed"}>
          {t("invalid", { number: number.format(file.invalid) })}
        </Text>
      </Group>
      {file.failure && (
        <Text size="sm" className={classes.why ?? ""}>
          {file.failure.message}
        </Text>
      )}
    </li>
  );
}
