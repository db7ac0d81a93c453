/** A date as a medium writes it, to the month where it can be told; else as it is written. */
export function month(written: string, language: string): string {
  const found = /^(\d{4})-(\d{2})(?:-\d{2})?$/.exec(written.trim());
  const at = found ? Date.UTC(Number(found[1]), Number(found[2]) - 1) : Number.NaN;
  if (!found || Number(found[2]) < 1 || Number(found[2]) > 12) return written;
  return new Intl.DateTimeFormat(language, { year: "numeric", month: "short", timeZone: "UTC" }).format(at);
}

/** From when to when; where there is no end, until `now`. Null where the medium says neither. */
export function period(startedOn: string | null, endedOn: string | null, now: string, language: string): string | null {
  if (!startedOn && !endedOn) return null;
  const start = startedOn ? month(startedOn, language) : "";
  const end = endedOn ? month(endedOn, language) : now;
  return `${start} – ${end}`.trim();
}
