import { Alert, Button, Group, List, Paper, Select, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import type { Medium } from "../../graphql/__generated__/schema";
import { done, errorOf, useOutcome } from "../../parts/notify";
import { ListSkeleton } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import { FilesImportDocument, FilesMediaDocument } from "./__generated__/files";
import { DropArea } from "./drop-area";
import type { Column } from "./mapping";
import { MappingForm } from "./mapping-form";
import { PreviewRows } from "./preview-rows";
import { useSize } from "./size";
import { type Preview, usePreview } from "./use-preview";

/** Brings a file in: choose it, check what comes in, import it. */
export function Upload({ lastMedium }: { lastMedium: Medium | undefined }) {
  const [file, setFile] = useState<File | null>(null);
  if (!file) return <DropArea onFile={setFile} />;
  return <Check key={file.name} file={file} lastMedium={lastMedium} other={() => setFile(null)} />;
}

interface CheckProps {
  file: File;
  lastMedium: Medium | undefined;
  other: () => void;
}

function Check({ file, lastMedium, other }: CheckProps) {
  const { t } = useTranslation("files");
  const size = useSize();
  const [{ data: known }] = useQuery({ query: FilesMediaDocument });
  const [medium, setMedium] = useState<Medium | null>(lastMedium ?? null);
  const [mapping, setMapping] = useState<readonly Column[] | null>(null);
  const [position, setPosition] = useState("");
  const [settled] = useDebouncedValue(position, 400);
  const how = { mapping, defaultPositionName: settled.trim() || null };
  const { preview, error, reading, again } = usePreview(medium && { file, medium, ...how });
  const about = [file.name, size(file.size)];
  if (preview?.kind) about.push(preview.kind);
  if (preview?.encoding) about.push(t(`encoding.${preview.encoding}`));
  return (
    <Paper withBorder p="md" component="section">
      <Stack gap="lg">
        <Group justify="space-between">
          <div>
            <Title order={2} size="h4">
              {t("form.title")}
            </Title>
            <Text size="sm" c="dimmed">
              {about.join(" · ")}
            </Text>
          </div>
          <Button variant="default" onClick={other}>
            {t("form.other")}
          </Button>
        </Group>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={t("form.medium")}
            description={t("form.mediumHint")}
            data={known?.media.map((each) => ({ value: each.medium, label: each.displayName })) ?? []}
            value={medium}
            allowDeselect={false}
            onChange={(value) => {
              setMedium(known?.media.find((each) => each.medium === value)?.medium ?? null);
              setMapping(null);
            }}
          />
          <TextInput
            label={t("form.position")}
            description={t("form.positionHint")}
            value={position}
            onChange={(event) => setPosition(event.currentTarget.value)}
            error={errorOf(preview?.problems ?? [], "defaultPositionName")}
          />
        </SimpleGrid>
        {error && !reading && <Trouble error={error} again={again} />}
        {medium && !preview && !error && <ListSkeleton lines={6} />}
        {preview && <WhatComes preview={preview} mapping={mapping} setMapping={setMapping} />}
        <Group justify="flex-end" gap="sm">
          <Text size="sm" c="dimmed" role="status">
            {reading && t("form.reading")}
          </Text>
          <ImportButton
            ready={!reading && !error && preview?.problems.length === 0 && settled === position}
            input={medium && { file, medium, ...how }}
          />
        </Group>
      </Stack>
    </Paper>
  );
}

interface WhatComesProps {
  preview: Preview;
  mapping: readonly Column[] | null;
  setMapping: (mapping: readonly Column[] | null) => void;
}

function WhatComes({ preview, mapping, setMapping }: WhatComesProps) {
  const { t } = useTranslation("files");
  return (
    <>
      {preview.problems.length > 0 && (
        <Alert color="orange" title={t("form.problems")}>
          <List size="sm">
            {preview.problems.map((problem) => (
              <List.Item key={problem.message}>{problem.message}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {preview.headers.length > 0 && (
        <>
          <MappingForm preview={preview} chosen={mapping} onChange={setMapping} />
          <Stack gap="xs">
            <Title order={3} size="h5">
              {t("preview.title")}
            </Title>
            <PreviewRows rows={preview.rows} />
          </Stack>
        </>
      )}
    </>
  );
}

interface ImportButtonProps {
  ready: boolean;
  input: { file: File; medium: Medium; mapping: readonly Column[] | null; defaultPositionName: string | null } | null;
}

function ImportButton({ ready, input }: ImportButtonProps) {
  const { t } = useTranslation("files");
  const navigate = useNavigate();
  const outcome = useOutcome();
  const [{ fetching }, bring] = useMutation(FilesImportDocument);
  const go = async () => {
    if (!input) return;
    const mapping = input.mapping?.map(({ field, header }) => ({ field, header })) ?? null;
    const { data, error } = await bring({ input: { ...input, mapping } });
    const payload = data?.importApplicants;
    if (!outcome(error, payload?.errors) || !payload?.import) return;
    done(t(payload.alreadyImported ? "form.already" : "form.begun"));
    await navigate({ to: "/files/$fileId", params: { fileId: payload.import.id } });
  };
  return (
    <Button onClick={() => void go()} loading={fetching} disabled={!ready || !input}>
      {t("form.importNow")}
    </Button>
  );
}
