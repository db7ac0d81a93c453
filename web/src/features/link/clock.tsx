import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useServerNow } from "../../graphql/clock";

/** A length of time as a clock shows it: 0:07, 12:05, 7:59:12. What is over is 0:00. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const two = (part: number) => String(part).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** How long it is until an instant, counting. */
export function Countdown({ to }: { to: string }) {
  const { t } = useTranslation("link");
  const left = Date.parse(to) - useServerNow();
  return (
    <Text component="span" inherit role="timer" className="numbers">
      {left < 1_000 ? t("soon") : t("inTime", { clock: clock(left) })}
    </Text>
  );
}

/** How long it has been since an instant, counting. */
export function Elapsed({ since }: { since: string }) {
  const { t } = useTranslation("link");
  const gone = useServerNow() - Date.parse(since);
  return (
    <Text component="span" fw={600} fz="xl" role="timer" aria-label={t("elapsed")} className="numbers">
      {clock(gone)}
    </Text>
  );
}

// Longer than a sign-in takes with one retry.
const patience = 20_000;

/** Says so when a verification takes longer than usual. */
export function SlowVerification({ since }: { since: string }) {
  const { t } = useTranslation("link");
  const slow = useServerNow() - Date.parse(since) > patience;
  return (
    <Text size="sm" role="status">
      {slow ? t("slow") : ""}
    </Text>
  );
}
