import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CandidateContactFragment } from "./__generated__/candidate";
import { ContactForm } from "./contact-form";
import { Section } from "./section";

/** How somebody is reached and what is noted on them, edited where it stands. */
export function Contact({ person }: { person: CandidateContactFragment }) {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  const [editing, setEditing] = useState(false);
  const nothing = !person.email && !person.phone && !person.note;
  return (
    <Section
      title={t("contact.title")}
      actions={
        !editing && (
          <Button size="compact-sm" variant="default" onClick={() => setEditing(true)}>
            {nothing ? t("contact.add") : common("edit")}
          </Button>
        )
      }
    >
      {editing ? <ContactForm person={person} close={() => setEditing(false)} /> : <ContactLines person={person} />}
      <Text size="xs" c="dimmed">
        {t("contact.hint")}
      </Text>
    </Section>
  );
}

/** The same, to be read. */
export function ContactLines({ person }: { person: CandidateContactFragment }) {
  const { t } = useTranslation("candidates");
  return (
    <Stack gap="xs" component="dl" m={0}>
      <Line name={t("contact.email")}>
        {person.email && (
          <Anchor href={`mailto:${encodeURIComponent(person.email)}`} size="sm">
            {person.email}
          </Anchor>
        )}
      </Line>
      <Line name={t("contact.phone")}>
        {person.phone && (
          <Anchor href={`tel:${person.phone.normalize("NFKC").replace(/[^+\d]/g, "")}`} size="sm">
            {person.phone}
          </Anchor>
        )}
      </Line>
      <Line name={t("contact.note")}>{person.note}</Line>
    </Stack>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  const { t } = useTranslation("candidates");
  return (
    <Group gap="xs" align="baseline" wrap="nowrap">
      <Text component="dt" size="xs" c="dimmed" w="8.5em" style={{ flexShrink: 0 }}>
        {name}
      </Text>
      <Text component="dd" size="sm" m={0} style={{ whiteSpace: "pre-wrap" }} c={children ? undefined : "dimmed"}>
        {children || t("contact.none")}
      </Text>
    </Group>
  );
}
