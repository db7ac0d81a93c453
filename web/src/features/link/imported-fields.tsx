import { Group, List, Paper, SimpleGrid, Text, Title } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import i18next from "i18next";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { LinkAccountsQuery } from "./__generated__/link";
import type { ja } from "./ja";

type Field = keyof (typeof ja)["fields"]["of"];

/** A field's name for people; its own where the console does not know it yet. */
function useFieldName(): (field: string) => string {
  const { t } = useTranslation("link");
  return (field) => (i18next.exists(`fields.of.${field}`, { ns: "link" }) ? t(`fields.of.${field as Field}`) : field);
}

/** What comes in from the medium, and what never does. */
export function ImportedFields({ medium }: { medium: LinkAccountsQuery["media"][number] }) {
  const { t } = useTranslation("link");
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="imported-fields">
      <Title order={2} size="h4" id="imported-fields" mb="sm">
        {t("fields.title")}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        <Fields title={t("fields.imported")} fields={medium.importedFields} comes />
        <Fields title={t("fields.never")} fields={medium.neverImportedFields} />
      </SimpleGrid>
      <Text size="sm" c="dimmed" mt="md">
        {t("fields.why")}
      </Text>
    </Paper>
  );
}

function Fields({ title, fields, comes = false }: { title: string; fields: readonly string[]; comes?: boolean }) {
  const id = useId();
  const nameOf = useFieldName();
  const Icon = comes ? IconCheck : IconX;
  return (
    <div>
      <Group gap={6} mb={6}>
        <Icon size={16} color={`var(--mantine-color-${comes ? "teal" : "gray"}-light-color)`} aria-hidden />
        <Text size="sm" fw={600} id={id}>
          {title}
        </Text>
      </Group>
      <List size="sm" listStyleType="none" aria-labelledby={id} styles={{ root: { columnWidth: 180 } }}>
        {fields.map((field) => (
          <List.Item key={field}>{nameOf(field)}</List.Item>
        ))}
      </List>
    </div>
  );
}
