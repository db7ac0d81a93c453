import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { outcomeColors } from "../../parts/outcome-colors";
import type { CandidateApplicationFragment } from "./__generated__/candidate";

type Outcome = CandidateApplicationFragment["outcome"];

/** How a selection stands: its step while it is under way, else how it ended. */
export function OutcomeBadge({ outcome, step }: { outcome: Outcome; step: string }) {
  const { t } = useTranslation("candidates");
  return (
    <Badge variant="light" tt="none" fw={600} color={outcomeColors[outcome]}>
      {outcome === "IN_PROGRESS" ? step : t(`outcome.${outcome}`)}
    </Badge>
  );
}
