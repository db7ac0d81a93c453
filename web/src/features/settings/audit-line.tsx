import { Box, Button, Code, Collapse, Group, SimpleGrid, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure, useId } from "@mantine/hooks";
import { IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Fact } from "../../parts/fact";
import { Time } from "../../parts/time";
import type { SettingsAuditLineFragment } from "./__generated__/audit";
import type { AuditFilter } from "./audit-filters";
import classes from "./audit-line.module.css";
import { auditActions } from "./audit-words.ja";

interface AuditLineProps {
  line: SettingsAuditLineFragment;
  narrow: (more: AuditFilter) => void;
}

/** A line of the audit log; all that it holds when it is opened. */
export function AuditLine({ line, narrow }: AuditLineProps) {
  const { t } = useTranslation("settings");
  const [opened, { toggle }] = useDisclosure();
  const details = useId();
  const from = [line.credential && t(`audit.credentials.${line.credential}`), line.address].filter(Boolean).join(" · ");
  return (
    <div className={classes.line}>
      <UnstyledButton className={classes.head} aria-expanded={opened} aria-controls={details} onClick={toggle}>
        <IconChevronRight className={classes.chevron} data-opened={opened || undefined} size={16} aria-hidden />
        <Text component="span" size="sm" c="dimmed" className={classes.when}>
          <Time at={line.at} />
        </Text>
        <Text component="span" size="sm" className={classes.what}>
          {line.summary}
        </Text>
        <Text component="span" size="xs" c="dimmed" className={classes.from}>
          {from}
        </Text>
      </UnstyledButton>
      <Collapse expanded={opened} id={details}>
        {opened && <Details line={line} narrow={narrow} />}
      </Collapse>
    </div>
  );
}

function Details({ line, narrow }: AuditLineProps) {
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  const { member, subjectId } = line;
  return (
    <Stack gap="sm" pb="md" pl={{ base: 0, sm: 28 }}>
      <SimpleGrid component="dl" cols={{ base: 1, xs: 2 }} m={0} spacing="xs">
        {/* An action that came with time has a sentence, and no name here. */}
        <Fact name={t("audit.action")}>
          {line.action in auditActions ? t(`audit.actions.${line.action}`) : line.action}
        </Fact>
        <Fact name={t("audit.number")}>{line.n}</Fact>
        <Fact name={t("audit.member")}>{member?.name ?? t(`audit.actors.${line.actor}`)}</Fact>
        <Fact name={t("audit.subject")}>{subjectId ?? common("none")}</Fact>
      </SimpleGrid>
      <Box>
        <Text size="xs" c="dimmed">
          {t("audit.detail")}
        </Text>
        <Code block style={{ whiteSpace: "pre-wrap" }}>
          {pretty(line.detail)}
        </Code>
      </Box>
      <Box>
        <Text size="xs" c="dimmed">
          {t("audit.hash")}
        </Text>
        <Code>{line.id}</Code>
      </Box>
      <Group gap="xs">
        {subjectId && (
          <Button size="xs" variant="default" onClick={() => narrow({ subject: subjectId })}>
            {t("audit.onlySubject")}
          </Button>
        )}
        {member && (
          <Button size="xs" variant="default" onClick={() => narrow({ member: member.id })}>
            {t("audit.onlyMember")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** JSON as a person reads it; what somebody has tampered with, as it is. */
function pretty(detail: string): string {
  try {
    return JSON.stringify(JSON.parse(detail), null, 2);
  } catch {
    return detail;
  }
}
