import { Badge, Button, Collapse, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconChevronDown, IconCircleCheck } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../graphql/viewer";
import { ExactTime } from "../../parts/exact-time";
import { ButtonLink } from "../../parts/links";
import { mendingPlace } from "../../shell/mending";
import type { IncidentShownFragment } from "./__generated__/incidents";
import { Deliveries } from "./deliveries";

/** An incident: what is or was wrong, and as long as it is, what to do. */
export function IncidentCard({ incident }: { incident: IncidentShownFragment }) {
  const { t } = useTranslation("incidents");
  const { t: shared } = useTranslation();
  const heading = useId();
  const isOpen = !incident.resolvedAt;
  const Icon = isOpen ? IconAlertTriangle : IconCircleCheck;
  return (
    <Paper component="article" withBorder p="md" aria-labelledby={heading}>
      <Stack gap="sm">
        <Group gap="xs" align="center">
          <Icon size={20} aria-hidden color={`var(--mantine-color-${isOpen ? "orange" : "teal"}-6)`} />
          <Title order={3} size="h5" id={heading}>
            {incident.title}
          </Title>
          <Badge variant="light" color={isOpen ? "orange" : "gray"} tt="none">
            {t(`kind.${incident.kind}`)}
          </Badge>
        </Group>
        <When incident={incident} />
        {isOpen ? (
          <>
            <Words incident={incident} />
            <Group>
              <ButtonLink to={mendingPlace[incident.kind]} size="sm">
                {shared(`incident.mend.${incident.kind}`)}
              </ButtonLink>
            </Group>
            <Sent id={incident.id} />
          </>
        ) : (
          <Folded label={t("details")} about={heading}>
            <Stack gap="md">
              <Words incident={incident} />
              <Sent id={incident.id} />
            </Stack>
          </Folded>
        )}
      </Stack>
    </Paper>
  );
}

function When({ incident }: { incident: IncidentShownFragment }) {
  const { t } = useTranslation("incidents");
  const { t: shared } = useTranslation();
  return (
    <Group gap="xs" fz="sm" c="dimmed" style={{ rowGap: 0 }}>
      <Text inherit>
        {t("field.since")}: <ExactTime at={incident.since} />
      </Text>
      <Text inherit>
        {t("field.noticed")}: <ExactTime at={incident.openedAt} />
      </Text>
      {incident.resolvedAt && (
        <Text inherit>
          {t("field.ended")}: <ExactTime at={incident.resolvedAt} />
        </Text>
      )}
      {incident.resolution && <Text inherit>{t(`resolution.${incident.resolution}`)}</Text>}
      {(incident.account || incident.medium) && (
        <Text inherit>
          {[incident.medium && shared(`medium.${incident.medium}`), incident.account?.email]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      )}
    </Group>
  );
}

function Words({ incident }: { incident: IncidentShownFragment }) {
  const { t } = useTranslation("incidents");
  const said = [
    [t("field.why"), incident.why],
    [t("field.who"), incident.whoCanMend],
    [t("field.todo"), incident.whatToDo],
  ].filter(([, text]) => text);
  return (
    <Stack gap="xs">
      <Text>{incident.what}</Text>
      <Stack component="dl" gap={6} m={0}>
        {said.map(([label, text]) => (
          <Group key={label} gap="xs" align="baseline" style={{ rowGap: 0 }}>
            <Text component="dt" size="sm" c="dimmed" miw={110}>
              {label}
            </Text>
            <Text component="dd" size="sm" m={0} flex="1 1 240px">
              {text}
            </Text>
          </Group>
        ))}
      </Stack>
    </Stack>
  );
}

/** What was sent about an incident, for those who look after that. */
function Sent({ id }: { id: string }) {
  const { t } = useTranslation("incidents");
  const may = useMay();
  if (!may("MANAGE_NOTIFICATIONS")) return null;
  return (
    <Folded label={t("deliveries.title")}>
      <Deliveries of={id} label={t("deliveries.title")} />
    </Folded>
  );
}

/** What is not read, nor asked for, until somebody wants it. */
function Folded({ label, about, children }: { label: string; about?: string; children: ReactNode }) {
  const [shown, setShown] = useState(false);
  const [id, content] = [useId(), useId()];
  return (
    <div>
      <Button
        id={id}
        size="compact-sm"
        variant="subtle"
        color="gray"
        aria-expanded={shown}
        aria-controls={content}
        {...(about ? { "aria-labelledby": `${id} ${about}` } : {})}
        rightSection={
          <IconChevronDown size={14} aria-hidden style={{ transform: shown ? "rotate(180deg)" : undefined }} />
        }
        onClick={() => setShown(!shown)}
      >
        {label}
      </Button>
      <Collapse expanded={shown} id={content} pt="xs">
        {shown && children}
      </Collapse>
    </div>
  );
}
