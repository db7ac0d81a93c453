import { Text, type TextProps } from "@mantine/core";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { useServerNow } from "../graphql/clock";

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** How long ago, or in how long, in words. */
export function relative(at: number, now: number, language: string): string | null {
  const distance = at - now;
  for (const [unit, length] of steps) {
    if (Math.abs(distance) >= length) {
      const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(
        Math.trunc(distance / length),
        unit,
      );
      // Japanese is written without the spaces that the data have.
      return language === "ja" ? words.replaceAll(" ", "") : words;
    }
  }
  return null;
}

/** An instant in the reader's zone, to the second, with the zone's name. */
export function exact(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "long" }).format(new Date(at));
}

/** An instant in the reader's zone: a date and a minute. */
export function short(at: string, language: string): string {
  return new Intl.DateTimeFormat(
    language,
    language === "ja"
      ? { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }
      : { dateStyle: "medium", timeStyle: "short" },
  ).format(new Date(at));
}

/** An instant of today in the reader's zone: a minute. */
export function timeOf(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(at));
}

interface TimeProps extends TextProps, Pick<ComponentProps<"time">, "ref" | "title" | "tabIndex"> {
  /** The instant, as the API has it. */
  at: string;
  /** How long ago it was, rather than when. */
  ago?: boolean;
}

/** An instant in the reader's zone; the exact one when it is pointed at. Lists have hundreds: the browser's own hint costs nothing. */
export function Time({ at, ago = false, ...text }: TimeProps) {
  const { t, i18n } = useTranslation();
  const now = useServerNow(30_000);
  const words = ago ? (relative(Date.parse(at), now, i18n.language) ?? t("time.justNow")) : short(at, i18n.language);
  return (
    <Text component="time" inherit dateTime={at} title={exact(at, i18n.language)} {...text}>
      {words}
    </Text>
  );
}
