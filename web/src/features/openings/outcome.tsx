import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SelectionOutcome } from "./__generated__/application";

const colors: Record<SelectionOutcome, string> = {
  IN_PROGRESS: "cyan",
  JOINED: "teal",
  REJECTED: "red",
  WITHDRAWN: "orange",
  CLOSED_AS_DUPLICATE: "gray",
  ROUTING_UNDONE: "gray",
};

/** How a selection stands, or ended. */
export function Outcome({ outcome }: { outcome: SelectionOutcome }) {
  const { t } = useTranslation("openings");
  return (
    <Badge variant="light" color={colors[outcome]} tt="none" fw={600} style={{ flexShrink: 0 }}>
      {t(`outcome.${outcome}`)}
    </Badge>
  );
}
