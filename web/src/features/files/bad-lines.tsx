import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { usePaged } from "../../graphql/paged";
import { More } from "../../parts/more";
import { Trouble } from "../../parts/trouble";
import { useAgain } from "../../parts/use-again";
import { FilesBadLinesDocument, type FilesBadLinesQuery } from "./__generated__/file";
import classes from "./bad-lines.module.css";

/** A line has a number within its file, and no id. */
function badLines({ node }: FilesBadLinesQuery) {
  if (node?.__typename !== "ApplicantFileImport") return null;
  return { ...node.badLines, nodes: node.badLines.nodes.map((bad) => ({ ...bad, id: String(bad.line) })) };
}

/** The lines that could not come in, with why, and a way to mend them. */
export function BadLines({ fileId, invalid }: { fileId: string; invalid: number }) {
  const { t } = useTranslation("files");
  const list = usePaged(FilesBadLinesDocument, { id: fileId }, badLines);
  const { again } = list;
  useAgain(invalid, again);
  return (
    <Stack component="section" gap="xs">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t("one.bad")}
        </Title>
        <Button
          component="a"
          href={`/file-imports/${fileId}/bad-lines.csv`}
          download
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {t("one.download")}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {t("one.badHow")}
      </Text>
      {list.error && list.nodes.length === 0 && <Trouble error={list.error} again={again} />}
      <ul className={classes.list} aria-label={t("one.bad")}>
        {list.nodes.map((bad) => (
          <li key={bad.id} className={classes.line}>
            <Text span fw={600} className="numbers">
              {t("one.badLine", { line: bad.line })}
            </Text>
            <Text span>
              {bad.field && `${t(`field.${bad.field}`)}: `}
              {bad.message}
            </Text>
          </li>
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
