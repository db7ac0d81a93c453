import { Button, Group, Select, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FileField } from "../../graphql/__generated__/schema";
import { assign, type Column, choices, further, usual } from "./mapping";
import type { Preview } from "./use-preview";

interface MappingFormProps {
  preview: Preview;
  /** Null while it is as proposed. */
  chosen: readonly Column[] | null;
  onChange: (mapping: readonly Column[] | null) => void;
}

/** Which column of the file holds what. */
export function MappingForm({ preview, chosen, onChange }: MappingFormProps) {
  const { t } = useTranslation("files");
  const mapping = chosen ?? preview.mapping;
  const headers = choices(preview.headers);
  const unused = headers.filter((header) => !mapping.some((column) => column.header === header));
  const column = (field: FileField) => (
    <Select
      key={field}
      label={t(`field.${field}`)}
      placeholder={t("mapping.none")}
      data={headers}
      value={mapping.find((each) => each.field === field)?.header ?? null}
      onChange={(header) => onChange(assign(mapping, field, header))}
      searchable
      clearable
      clearButtonProps={{ "aria-label": `${t(`field.${field}`)}: ${t("mapping.none")}` }}
    />
  );
  return (
    <Stack gap="sm" component="section">
      <Group justify="space-between" mih={36}>
        <Title order={3} size="h5">
          {t("mapping.title")}
        </Title>
        {chosen && (
          <Button variant="default" size="xs" onClick={() => onChange(null)}>
            {t("mapping.propose")}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {preview.remembered && !chosen && t("mapping.remembered")} {t("mapping.hint")}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>{usual.map(column)}</SimpleGrid>
      <details>
        <summary style={{ cursor: "pointer", minHeight: 28 }}>{t("mapping.more")}</summary>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} mt="xs">
          {further.map(column)}
        </SimpleGrid>
      </details>
      {unused.length > 0 && (
        <Text size="sm" c="dimmed" lineClamp={3}>
          {t("mapping.unused", { headers: unused.join("、") })}
        </Text>
      )}
    </Stack>
  );
}
