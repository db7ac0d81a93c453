import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useServerNow } from "../graphql/clock";
import "./intake-texts";

/** Whole hours, minutes and seconds. */
export function lengthOf(milliseconds: number): { hours: number; minutes: number; seconds: number } {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  return { hours: Math.floor(seconds / 3_600), minutes: Math.floor(seconds / 60) % 60, seconds: seconds % 60 };
}

interface DurationProps {
  from: string | null;
  /** Null while it goes on: then it counts. */
  to: string | null;
}

/** How long something took, or has been going on. */
export function Duration({ from, to }: DurationProps) {
  const { t } = useTranslation();
  if (!from) return <>{t("none")}</>;
  return to ? <Length milliseconds={Date.parse(to) - Date.parse(from)} /> : <Running from={from} />;
}

function Running({ from }: { from: string }) {
  const now = useServerNow();
  return <Length milliseconds={now - Date.parse(from)} />;
}

function Length({ milliseconds }: { milliseconds: number }) {
  const { t } = useTranslation("intake");
  const { hours, minutes, seconds } = lengthOf(milliseconds);
  const text = (() => {
    if (hours > 0) return t("duration.hours", { hours, minutes });
    if (minutes > 0) return t("duration.minutes", { minutes, seconds });
    return seconds > 0 ? t("duration.seconds", { seconds }) : t("duration.none");
  })();
  return (
    <Text span inherit className="numbers">
      {text}
    </Text>
  );
}
