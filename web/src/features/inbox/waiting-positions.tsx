import { Badge, Box, Button, Card, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconBulb, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../graphql/viewer";
import { ButtonLink, TextLink } from "../../parts/links";
import { Time } from "../../parts/time";
import type { InboxPositionFragment } from "./__generated__/inbox";
import classes from "./inbox.module.css";
import { type Suggestion, SuggestionDialog } from "./suggestion-dialog";

// So many leave the list below in sight.
const few = 3;

// What differs in decorations alone, or was renamed; anything below only looks alike.
const certain = 1;

interface WaitingPositionsProps {
  /** Undefined while they are read. */
  positions: readonly InboxPositionFragment[] | undefined;
}

/** What waits, by position, with the shortest way to a rule. */
export function WaitingPositions({ positions }: WaitingPositionsProps) {
  const { t } = useTranslation(["inbox", "common"]);
  const [all, setAll] = useState(false);
  const [asking, setAsking] = useState<{ position: InboxPositionFragment; suggestion: Suggestion } | null>(null);
  if (!positions)
    return (
      <Stack gap="xs" aria-hidden>
        <Skeleton height={28} width={240} />
        {Array.from({ length: 3 }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
          <Skeleton key={i} height={76} radius="md" />
        ))}
      </Stack>
    );
  if (positions.length === 0) return null;
  return (
    <Stack component="section" gap="xs" aria-labelledby="waiting-positions">
      <Box>
        <Title order={2} size="h4" id="waiting-positions">
          {t("positions.title")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("positions.lead")}
        </Text>
      </Box>
      <ul className={classes.positions}>
        {(all ? positions : positions.slice(0, few)).map((position) => (
          <Card key={`${position.medium} ${position.normalizedPositionName}`} component="li" withBorder p="sm">
            <Position position={position} ask={(suggestion) => setAsking({ position, suggestion })} />
          </Card>
        ))}
      </ul>
      {positions.length > few && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(!all)} style={{ alignSelf: "flex-start" }}>
          {all ? t("positions.fewer") : t("positions.all", { count: positions.length })}
        </Button>
      )}
      {asking && <SuggestionDialog {...asking} close={() => setAsking(null)} />}
    </Stack>
  );
}

function Position({ position, ask }: { position: InboxPositionFragment; ask: (suggestion: Suggestion) => void }) {
  const { t } = useTranslation(["inbox", "common"]);
  const may = useMay();
  const { medium, positionName, count, closedOpening, rule, suggestions } = position;
  const [first] = suggestions;
  return (
    <div className={classes.position}>
      <Box miw={0}>
        <Group gap="xs">
          <Text fw={600}>{positionName}</Text>
          <Badge variant="light" color="gray" tt="none">
            {t(`common:medium.${medium}`)}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed" component="div">
          <Text span fw={600}>
            {t("people", { count })}
          </Text>
          {" · "}
          {t("positions.oldest")} <Time at={position.oldestAppliedAt} ago span />
        </Text>
        {closedOpening && (
          <Text size="sm" mt={4}>
            {t("positions.closed", { name: closedOpening.name })}
          </Text>
        )}
        {rule && !closedOpening && (
          <Text size="sm" mt={4}>
            {t("positions.undone", { name: rule.positionName })}
          </Text>
        )}
        {first && (
          <Text size="sm" c="dimmed" mt={4}>
            {first.reason}
          </Text>
        )}
      </Box>
      <Group gap="xs" className={classes.ways ?? ""}>
        {may("MANAGE_RULES") &&
          suggestions.map((suggestion, i) => (
            <Button
              key={`${suggestion.kind} ${suggestion.opening.id}`}
              size="xs"
              variant={i === 0 && suggestion.score >= certain ? "light" : "default"}
              leftSection={<IconBulb size={16} aria-hidden />}
              onClick={() => ask(suggestion)}
              title={suggestion.reason}
            >
              {t(suggestion.kind === "RENAMED_POSTING" ? "positions.suggestionRename" : "positions.suggestion", {
                name: suggestion.opening.name,
              })}
            </Button>
          ))}
        {closedOpening && (
          <ButtonLink size="xs" variant="light" to="/openings/$openingId" params={{ openingId: closedOpening.id }}>
            {t("positions.closedLink")}
          </ButtonLink>
        )}
        {rule && !closedOpening && may("MANAGE_RULES") && (
          <ButtonLink size="xs" variant="light" to="/rules" search={{ edit: rule.id }}>
            {t("positions.ruleLink")}
          </ButtonLink>
        )}
        {!rule && may("MANAGE_RULES") && (
          <ButtonLink
            size="xs"
            variant={first ? "default" : "light"}
            leftSection={<IconPlus size={16} aria-hidden />}
            to="/rules"
            search={{ new: "1", medium, position: positionName }}
            aria-label={t(first ? "positions.otherRuleFor" : "positions.newRuleFor", { position: positionName })}
          >
            {t(first ? "positions.otherRule" : "positions.newRule")}
          </ButtonLink>
        )}
        <TextLink
          to="/inbox"
          search={{ medium, position: positionName }}
          size="sm"
          className={classes.way ?? ""}
          aria-label={t("positions.showFor", { position: positionName })}
        >
          {t("positions.show")}
        </TextLink>
      </Group>
    </div>
  );
}
