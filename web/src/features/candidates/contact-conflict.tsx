import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Contact, ContactField, Together } from "./contact-changes";

interface ContactConflictProps {
  conflict: Together;
  saved: Contact;
  typed: Contact;
  choose: (field: ContactField, value: string) => void;
}

/** What somebody else saved meanwhile, beside what was typed here: a person decides between the two. */
export function ContactConflict({ conflict, saved, typed, choose }: ContactConflictProps) {
  const { t, i18n } = useTranslation("candidates");
  const { t: common } = useTranslation();
  const adopted = new Intl.ListFormat(i18n.language, { type: "unit" }).format(
    conflict.adopted.map((field) => t(`contact.${field}`)),
  );
  return (
    <Alert
      role="alert"
      color="orange"
      variant="light"
      icon={<IconGitMerge aria-hidden />}
      title={t("contact.conflict.title")}
    >
      <Stack gap="sm">
        <Text size="sm">{t("contact.conflict.text")}</Text>
        {adopted && <Text size="sm">{t("contact.conflict.adopted", { fields: adopted })}</Text>}
        {conflict.contested.map((field) => (
          <Stack key={field} gap={6} role="group" aria-label={t(`contact.${field}`)}>
            <Text size="sm" fw={600}>
              {t(`contact.${field}`)}
            </Text>
            <Value name={t("contact.conflict.theirs")} value={saved[field] || common("none")} />
            <Value name={t("contact.conflict.mine")} value={typed[field] || common("none")} />
            <Group gap="xs">
              <Button size="xs" variant="default" onClick={() => choose(field, saved[field])}>
                {t("contact.conflict.takeTheirs")}
              </Button>
              <Button size="xs" variant="default" onClick={() => choose(field, typed[field])}>
                {t("contact.conflict.takeMine")}
              </Button>
            </Group>
          </Stack>
        ))}
      </Stack>
    </Alert>
  );
}

function Value({ name, value }: { name: string; value: string }) {
  return (
    <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
      <Text span size="xs">
        {name}:{" "}
      </Text>
      {value}
    </Text>
  );
}
