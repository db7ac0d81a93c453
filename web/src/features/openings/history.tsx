import { Badge, Group, Stack, Text, Timeline } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Time } from "../../parts/time";
import type { OpeningsLineFragment } from "./__generated__/application";

/** What one line of an application's history says happened. */
export function useHappened(): (line: OpeningsLineFragment, before?: OpeningsLineFragment) => string {
  const { t } = useTranslation("openings");
  return (line, before) => {
    const step = line.toStep?.name ?? "";
    if (line.fromOpening && line.toOpening)
      return t("happened.rerouted", { from: line.fromOpening.name, to: line.toOpening.name });
    if (!line.fromStep) return t("happened.routed", { step });
    if (line.outcome !== "IN_PROGRESS") return t("happened.ended", { outcome: t(`outcome.${line.outcome}`) });
    if (line.fromStep.id !== line.toStep?.id) return t("happened.moved", { from: line.fromStep.name, to: step });
    if (before && before.outcome === "IN_PROGRESS") return t("happened.noted");
    return t("happened.takenUp", { step });
  };
}

/** Lines of a history, the oldest first unless said otherwise. */
export function Lines({
  lines,
  latestFirst = false,
}: {
  lines: readonly OpeningsLineFragment[];
  latestFirst?: boolean;
}) {
  const { t } = useTranslation("openings");
  const happened = useHappened();
  return (
    <Timeline bulletSize={14} lineWidth={2}>
      {(latestFirst ? lines.toReversed() : lines).map((line) => (
        <Timeline.Item
          key={line.revision}
          title={
            <Text size="sm" fw={600}>
              {happened(
                line,
                lines.find((other) => other.revision === line.revision - 1),
              )}
            </Text>
          }
        >
          <Stack gap={4}>
            <Text size="xs" c="dimmed">
              {line.by} · <Time at={line.at} />
            </Text>
            {line.reasons.length > 0 && (
              <Group gap={4} role="group" aria-label={t("reasons")}>
                {line.reasons.map((reason) => (
                  <Badge key={reason.reason} variant="default" tt="none" fw={500}>
                    {reason.name}
                  </Badge>
                ))}
              </Group>
            )}
            {line.note && (
              <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
                {line.note}
              </Text>
            )}
          </Stack>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
