import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { outcomeColors } from "../../parts/outcome-colors";
import type { SelectionOutcome } from "./__generated__/application";

/** How a selection stands, or ended. */
export function Outcome({ outcome }: { outcome: SelectionOutcome }) {
  const { t } = useTranslation("openings");
  return (
    <Badge variant="light" color={outcomeColors[outcome]} tt="none" fw={600} style={{ flexShrink: 0 }}>
      {t(`outcome.${outcome}`)}
    </Badge>
  );
}
