import { Badge, Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import "./intake-texts";

export type IntakeStatus = "QUEUED" | "RUNNING" | "SUCCEEDED" | "QUARANTINED" | "FAILED" | "CANCELLED";

const colors: Record<IntakeStatus, string> = {
  QUEUED: "gray",
  RUNNING: "cyan",
  SUCCEEDED: "teal",
  QUARANTINED: "orange",
  FAILED: "red",
  CANCELLED: "gray",
};

/** How far an import has come, in a word. */
export function IntakeBadge({ status }: { status: IntakeStatus }) {
  const { t } = useTranslation("intake");
  return (
    <Badge
      color={colors[status]}
      variant="light"
      tt="none"
      leftSection={status === "RUNNING" ? <Loader size={10} color="currentColor" aria-hidden /> : undefined}
    >
      {t(`status.${status}`)}
    </Badge>
  );
}
