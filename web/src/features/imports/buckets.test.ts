import { expect, test } from "vitest";
import { buckets, type ChartRun } from "./buckets";

function run(at: Date, numbers: Partial<ChartRun> = {}): ChartRun {
  return {
    id: at.toISOString(),
    status: "SUCCEEDED",
    dueAt: at.toISOString(),
    startedAt: at.toISOString(),
    imported: 0,
    routed: 0,
    waiting: 0,
    invalid: 0,
    ...numbers,
  };
}

test("no run, and a run that has not begun, make no chart", () => {
  expect(buckets([]).buckets).toEqual([]);
  const queued = run(new Date(2026, 10, 23, 9), { status: "QUEUED", startedAt: null });
  expect(buckets([queued]).buckets).toEqual([]);
});

test("a run that failed before it began is marked where it was due", () => {
  const failed = run(new Date(2026, 10, 23, 9), { status: "FAILED", startedAt: null });
  expect(buckets([failed]).buckets).toMatchObject([{ runs: 1, failed: 1 }]);
});

test("runs of one day stand by the hour, and an hour without any is there too", () => {
  const { unit, buckets: found } = buckets([
    run(new Date(2026, 10, 23, 12, 30), { imported: 1, routed: 1 }),
    run(new Date(2026, 10, 23, 10, 40), { imported: 5, routed: 2, waiting: 3 }),
    run(new Date(2026, 10, 23, 10, 5), { imported: 4, waiting: 4, invalid: 1, status: "QUARANTINED" }),
  ]);
  expect(unit).toBe("hour");
  expect(found).toEqual([
    { from: new Date(2026, 10, 23, 10).getTime(), runs: 2, imported: 9, routed: 2, waiting: 7, invalid: 1, failed: 1 },
    { from: new Date(2026, 10, 23, 11).getTime(), runs: 0, imported: 0, routed: 0, waiting: 0, invalid: 0, failed: 0 },
    { from: new Date(2026, 10, 23, 12).getTime(), runs: 1, imported: 1, routed: 1, waiting: 0, invalid: 0, failed: 0 },
  ]);
});

test("runs of several days stand by the day, as the reader's calendar has it", () => {
  const { unit, buckets: found } = buckets([
    run(new Date(2026, 10, 23, 0, 0), { waiting: 1 }),
    run(new Date(2026, 10, 22, 23, 59), { waiting: 2 }),
    run(new Date(2026, 10, 20, 12, 0), { waiting: 4 }),
  ]);
  expect(unit).toBe("day");
  expect(found.map((bucket) => [new Date(bucket.from).getDate(), bucket.waiting])).toEqual([
    [20, 4],
    [21, 0],
    [22, 2],
    [23, 1],
  ]);
});
