import { Anchor, Badge, Card, Group, ScrollArea, Stack, Table, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { RoutingRuleAction } from "../../graphql/__generated__/schema";
import { possible } from "../../parts/action-button";
import { ActionIconButton } from "../../parts/action-icon";
import { TextLink } from "../../parts/links";
import { row } from "../../parts/rows";
import { Time } from "../../parts/time";
import type { RulesLineFragment } from "./__generated__/rules";

interface RuleListProps {
  rules: readonly RulesLineFragment[];
  edit: (ruleId: string) => void;
  remove: (rule: RulesLineFragment) => void;
}

/** The rules: a table, or on a phone a card each. */
export function RuleList({ rules, edit, remove }: RuleListProps) {
  const { t } = useTranslation("rules");
  const { t: common } = useTranslation();
  const phone = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  if (phone)
    return (
      <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: "none" }}>
        {rules.map((rule) => (
          <Card component="li" key={rule.id} withBorder padding="md" {...row}>
            <Stack gap={6}>
              <Group justify="space-between" wrap="nowrap" align="flex-start">
                <Name rule={rule} edit={edit} />
                <Actions rule={rule} edit={edit} remove={remove} />
              </Group>
              <Text size="sm">
                {common(`medium.${rule.medium}`)} → <OpeningLink rule={rule} />
              </Text>
              <Group gap="md" fz="sm" c="dimmed">
                <span>{t("matches", { count: rule.matchedCount })}</span>
                <LastMatched rule={rule} />
              </Group>
              <Health rule={rule} />
            </Stack>
          </Card>
        ))}
      </Stack>
    );
  return (
    <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("title") }}>
      <Table miw={860} verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("medium")}</Table.Th>
            <Table.Th>{t("position")}</Table.Th>
            <Table.Th>{t("opening")}</Table.Th>
            <Table.Th ta="right">{t("matched")}</Table.Th>
            <Table.Th>{t("lastMatched")}</Table.Th>
            <Table.Th>{t("health")}</Table.Th>
            <Table.Th>{t("actions")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rules.map((rule) => (
            <Table.Tr key={rule.id} {...row}>
              <Table.Td style={{ whiteSpace: "nowrap" }}>{common(`medium.${rule.medium}`)}</Table.Td>
              <Table.Td>
                <Name rule={rule} edit={edit} />
              </Table.Td>
              <Table.Td>
                <OpeningLink rule={rule} />
              </Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
                {t("matches", { count: rule.matchedCount })}
              </Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                <LastMatched rule={rule} />
              </Table.Td>
              <Table.Td maw={280}>
                <Health rule={rule} />
              </Table.Td>
              <Table.Td>
                <Actions rule={rule} edit={edit} remove={remove} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

function Name({ rule, edit }: { rule: RulesLineFragment; edit: (ruleId: string) => void }) {
  if (!possible(rule.availableActions, "UPDATE")) return <Text fw={600}>{rule.positionName}</Text>;
  return (
    <Anchor component="button" type="button" ta="left" fw={600} c="inherit" onClick={() => edit(rule.id)}>
      {rule.positionName}
    </Anchor>
  );
}

function OpeningLink({ rule }: { rule: RulesLineFragment }) {
  return (
    <TextLink inherit underline="always" c="inherit" to="/openings/$openingId" params={{ openingId: rule.opening.id }}>
      {rule.opening.name}
    </TextLink>
  );
}

function LastMatched({ rule }: { rule: RulesLineFragment }) {
  const { t } = useTranslation("rules");
  if (!rule.lastMatchedAt) return <Text inherit>{t("never")}</Text>;
  return <Time at={rule.lastMatchedAt} ago />;
}

const colors = { HEALTHY: "teal", NEVER_MATCHED: "gray", QUIET: "gray", OPENING_CLOSED: "orange" } as const;

function Health({ rule: { health } }: { rule: RulesLineFragment }) {
  const { t } = useTranslation("rules");
  return (
    <Stack gap={4} align="flex-start">
      <Badge color={colors[health]} variant="light" tt="none">
        {t(`state.${health}`)}
      </Badge>
      {health !== "HEALTHY" && (
        <Text size="xs" c="dimmed">
          {t(`advice.${health}`)}
        </Text>
      )}
    </Stack>
  );
}

function Actions({ rule, edit, remove }: Omit<RuleListProps, "rules"> & { rule: RulesLineFragment }) {
  const { t } = useTranslation("rules");
  const state = (action: RoutingRuleAction) => rule.availableActions.find((each) => each.action === action);
  return (
    <Group gap={4} wrap="nowrap">
      <ActionIconButton
        state={state("UPDATE")}
        label={t("editOf", { name: rule.positionName })}
        onClick={() => edit(rule.id)}
      >
        <IconPencil size={18} aria-hidden />
      </ActionIconButton>
      <ActionIconButton
        state={state("DELETE")}
        label={t("removeOf", { name: rule.positionName })}
        onClick={() => remove(rule)}
      >
        <IconTrash size={18} aria-hidden />
      </ActionIconButton>
    </Group>
  );
}
