import { Alert, Button, FileInput, Group, Modal, ScrollArea, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { IconFileSpreadsheet } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { ListSkeleton } from "../../parts/page";
import { useTrouble } from "../../parts/trouble";
import { RulesImportDocument, type RulesImportMutation } from "./__generated__/rules";

type Result = RulesImportMutation["importRoutingRules"];

interface Read {
  result: Result | null;
  /** Why the file as a whole was not read. */
  problem: string | null;
  /** Whether it was done, rather than only tried. */
  done: boolean;
}

/** 一括登録: a file is tried first, and done only when one has seen what it does. */
export function FileDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation("rules");
  const { t: common } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [read, setRead] = useState<Read | null>(null);
  const [importing, importFile] = useMutation(RulesImportDocument);
  const trouble = useTrouble();

  async function send(chosen: File, dryRun: boolean) {
    const { data, error } = await importFile({ file: chosen, dryRun });
    const result = data?.importRoutingRules ?? null;
    const problem = error ? trouble(error).message : (result?.errors[0]?.message ?? null);
    setRead({ result, problem, done: !dryRun && !problem && result?.lineErrors.length === 0 });
  }

  function choose(chosen: File | null) {
    setFile(chosen);
    setRead(null);
    if (chosen) void send(chosen, true);
  }

  function leave() {
    choose(null);
    close();
  }

  const result = read && !read.problem ? read.result : null;
  const changes = result && result.lineErrors.length === 0 ? result.created + result.updated + result.routedCount : 0;
  return (
    <Modal
      opened={opened}
      onClose={leave}
      title={t("file.title")}
      closeButtonProps={{ "aria-label": common("confirm.close") }}
      size="lg"
    >
      <Stack gap="md">
        <Text size="sm">{t("file.text")}</Text>
        <FileInput
          label={t("file.choose")}
          placeholder={t("file.placeholder")}
          leftSection={<IconFileSpreadsheet size={18} aria-hidden />}
          accept=".csv,.tsv,.txt,.xlsx"
          value={file}
          onChange={choose}
          error={read?.problem}
          disabled={importing.fetching}
        />
        {importing.fetching && !read && (
          <div>
            <Text size="sm">{t("file.reading")}</Text>
            <ListSkeleton lines={2} height={28} />
          </div>
        )}
        {result && <FileResult result={result} done={read?.done ?? false} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={leave}>
            {common(read?.done ? "confirm.close" : "confirm.cancel")}
          </Button>
          {file && changes > 0 && !read?.done && (
            <Button loading={importing.fetching} onClick={() => send(file, false)}>
              {t("file.submit")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function FileResult({ result, done }: { result: Result; done: boolean }) {
  const { t, i18n } = useTranslation("rules");
  const { lineErrors } = result;
  if (lineErrors.length > 0)
    return (
      <Stack gap="sm">
        <Alert role="alert" color="red" variant="light" title={t("file.bad", { count: lineErrors.length })}>
          {t("file.badText")}
        </Alert>
        <ScrollArea.Autosize
          mah={280}
          type="auto"
          viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("file.bad", { count: lineErrors.length }) }}
        >
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("file.line")}</Table.Th>
                <Table.Th>{t("file.column")}</Table.Th>
                <Table.Th>{t("file.reason")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {lineErrors.map(({ line, field, message }) => (
                <Table.Tr key={`${line} ${field} ${message}`}>
                  <Table.Td>{line}</Table.Td>
                  <Table.Td>{field && t(`file.columns.${field}`)}</Table.Td>
                  <Table.Td>{message}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      </Stack>
    );
  const numbers = [
    [t("file.created"), result.created],
    [t("file.updated"), result.updated],
    [t("file.unchanged"), result.unchanged],
    [t(done ? "file.routedDone" : "file.routed"), result.routedCount],
  ] as const;
  const nothing = !done && result.created + result.updated + result.routedCount === 0;
  return (
    <Stack gap="sm" role="status">
      <Text fw={600}>{t(done ? "file.did" : nothing ? "file.nothing" : "file.would")}</Text>
      <SimpleGrid component="dl" cols={{ base: 2, xs: 4 }} m={0}>
        {numbers.map(([name, count]) => (
          <div key={name}>
            <Text component="dt" size="xs" c="dimmed">
              {name}
            </Text>
            <Text component="dd" m={0} fz="xl" fw={600} className="numbers">
              {new Intl.NumberFormat(i18n.language).format(count)}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
