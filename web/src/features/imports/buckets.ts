import type { ImportsChartQuery } from "./__generated__/imports";

export type ChartRun = ImportsChartQuery["importRuns"]["nodes"][number];

/** What the runs of an hour, or of a day, brought in together. */
export interface Bucket {
  /** When it begins, in milliseconds. */
  from: number;
  runs: number;
  imported: number;
  routed: number;
  waiting: number;
  invalid: number;
  /** Of the runs, those that failed or were held back. */
  failed: number;
}

const day = 86_400_000;

/** When runs lie further apart than this, an hour says too little. */
const hoursFor = 1.5 * day;

export type Unit = "hour" | "day";

/** The beginning of the hour or day of an instant, as the reader's clock has it. */
function beginning(at: number, unit: Unit): Date {
  const date = new Date(at);
  if (unit === "day") date.setHours(0, 0, 0, 0);
  else date.setMinutes(0, 0, 0);
  return date;
}

function next(from: Date, unit: Unit): Date {
  const to = new Date(from);
  if (unit === "day") to.setDate(to.getDate() + 1);
  else to.setTime(to.getTime() + 3_600_000);
  return to;
}

/** Runs by the hour or the day, the oldest first, without gaps: where nothing ran there is an empty one. */
export function buckets(runs: readonly ChartRun[]): { unit: Unit; buckets: Bucket[] } {
  const begun = runs
    .filter((run) => run.startedAt !== null || run.status === "FAILED")
    .map((run) => ({ run, at: Date.parse(run.startedAt ?? run.dueAt) }));
  if (begun.length === 0) return { unit: "hour", buckets: [] };
  const first = Math.min(...begun.map(({ at }) => at));
  const last = Math.max(...begun.map(({ at }) => at));
  const unit: Unit = last - first > hoursFor ? "day" : "hour";
  const found: Bucket[] = [];
  for (let from = beginning(first, unit); from.getTime() <= last; from = next(from, unit)) {
    const to = next(from, unit).getTime();
    const within = begun.filter(({ at }) => at >= from.getTime() && at < to).map(({ run }) => run);
    const sum = (count: (run: ChartRun) => number) => within.reduce((total, run) => total + count(run), 0);
    found.push({
      from: from.getTime(),
      runs: within.length,
      imported: sum((run) => run.imported),
      routed: sum((run) => run.routed),
      waiting: sum((run) => run.waiting),
      invalid: sum((run) => run.invalid),
      failed: sum((run) => (run.status === "FAILED" || run.status === "QUARANTINED" ? 1 : 0)),
    });
  }
  return { unit, buckets: found };
}
