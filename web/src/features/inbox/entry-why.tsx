import { List, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Fact } from "../../parts/fact";
import { TextLink } from "../../parts/links";
import { Time } from "../../parts/time";
import type { InboxEntryWholeFragment, InboxWhyFragment } from "./__generated__/entry";
import classes from "./inbox.module.css";

/** Why an application is where it is. */
export function EntryWhy({ why }: { why: InboxWhyFragment }) {
  const { t } = useTranslation(["inbox", "common"]);
  return (
    <Stack gap="xs">
      <Text size="sm">{why.summary}</Text>
      <Stack component="dl" gap="xs" m={0}>
        <Fact name={t("entry.by")}>
          {why.decidedBy}
          {why.decidedAt && (
            <>
              {" · "}
              <Time at={why.decidedAt} span />
            </>
          )}
        </Fact>
        {why.rulePositionName && (
          <Fact name={t("entry.rule")}>
            <RuleThen why={why} />{" "}
            {why.rule && (
              <TextLink to="/rules" search={{ edit: why.rule.id }} inherit underline="always">
                {t("entry.openRule")}
              </TextLink>
            )}
          </Fact>
        )}
        {why.normalizedPositionName !== why.rawPositionName && (
          <Fact name={t("entry.compared")}>{why.normalizedPositionName}</Fact>
        )}
      </Stack>
      {why.considered.length > 0 && (
        <>
          <Text size="sm" fw={600}>
            {t("entry.considered")}
          </Text>
          <List size="sm" spacing={4}>
            {why.considered.map((rule) => (
              <List.Item key={`${rule.ruleId} ${rule.revision}`}>
                {rule.rule ? (
                  <TextLink to="/rules" search={{ edit: rule.rule.id }} inherit underline="always">
                    {rule.positionName}
                  </TextLink>
                ) : (
                  rule.positionName
                )}{" "}
                {rule.opening && t("entry.consideredTo", { opening: rule.opening.name })}
                <Text size="sm" c="dimmed">
                  {rule.reasonText}
                </Text>
              </List.Item>
            ))}
          </List>
        </>
      )}
    </Stack>
  );
}

/** The rule that decided, as it then was. */
function RuleThen({ why }: { why: InboxWhyFragment }) {
  const { t } = useTranslation(["inbox", "common"]);
  const then = { name: why.rulePositionName, revision: why.ruleRevision };
  if (!why.rule) return t("entry.ruleGone", then);
  return t(why.rule.revision === why.ruleRevision ? "entry.ruleAt" : "entry.ruleChanged", then);
}

/** All that was decided about an application, and where it was moved since, the latest first. */
export function EntryHistory({ entry }: { entry: InboxEntryWholeFragment }) {
  const { t } = useTranslation(["inbox", "common"]);
  const lines = [
    ...entry.decisions.map(({ at, state, explanation }) => ({
      at,
      what: t(`state.${state}`),
      by: explanation.decidedBy,
      why: explanation.summary,
    })),
    ...entry.explanation.reroutings.map(({ at, member, fromOpeningName, openingName }) => ({
      at,
      what: t("entry.rerouted", { from: fromOpeningName, to: openingName }),
      by: member?.name ?? t("common:none"),
      why: null,
    })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return (
    <ul className={classes.history}>
      {lines.map(({ at, what, by, why }) => (
        <li key={`${at} ${what}`}>
          <Text size="sm" component="div">
            <Text span fw={600}>
              {what}
            </Text>{" "}
            · {by} ·{" "}
            <Text span c="dimmed">
              <Time at={at} span />
            </Text>
          </Text>
          {why && (
            <Text size="sm" c="dimmed">
              {why}
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
}
