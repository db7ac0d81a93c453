import { Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FilesLineFragment } from "./__generated__/files";

/** How far a file has come, line by line. */
export function FileProgress({ file }: { file: FilesLineFragment }) {
  const { t, i18n } = useTranslation("files");
  const number = new Intl.NumberFormat(i18n.language);
  const over = file.finishedAt !== null;
  const text =
    file.lines === null
      ? t("counting")
      : t("progress", { done: number.format(file.done), lines: number.format(file.lines) });
  return (
    <Stack gap={4}>
      <Progress.Root size="md">
        <Progress.Section
          aria-label={t("one.progress")}
          value={file.lines ? (100 * file.done) / file.lines : 0}
          color={file.status === "FAILED" ? "red" : over ? "teal" : "cyan"}
        />
      </Progress.Root>
      <Text size="sm" c="dimmed" className="numbers">
        {over && file.lines === null ? null : text}
      </Text>
    </Stack>
  );
}
