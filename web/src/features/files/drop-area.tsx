import { Box, Paper, Stack, Text } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { type DragEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./drop-area.module.css";

const largest = 64 * 2 ** 20;

/** Where a file is dropped, or chosen. */
export function DropArea({ onFile }: { onFile: (file: File) => void }) {
  const { t } = useTranslation("files");
  const id = useId();
  const [over, setOver] = useState(false);
  const [tooLarge, setTooLarge] = useState(false);
  const take = (file: File | undefined) => {
    if (!file) return;
    setTooLarge(file.size > largest);
    if (file.size <= largest) onFile(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <Paper
      component="label"
      htmlFor={id}
      withBorder
      p="lg"
      className={classes.area ?? ""}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Stack align="center" gap="xs" ta="center">
        <IconFileImport size={32} stroke={1.4} aria-hidden />
        <Text fw={600}>{t("drop.title")}</Text>
        <input
          id={id}
          type="file"
          accept=".csv,.tsv,.txt,.xlsx"
          aria-label={t("drop.label")}
          aria-describedby={`${id}-limits`}
          className={classes.input}
          onChange={(event) => {
            take(event.currentTarget.files?.[0]);
            // The same file, mended, can be chosen once more.
            event.currentTarget.value = "";
          }}
        />
        <Box component="span" className={classes.button ?? ""} aria-hidden>
          {t("drop.choose")}
        </Box>
        <Text size="sm" c="dimmed" id={`${id}-limits`}>
          {t("drop.limits")}
        </Text>
        {tooLarge && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {t("drop.tooLarge")}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
