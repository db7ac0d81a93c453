import { describe, expect, it } from "vitest";
import { csvOf, instants } from "./audit-days";
import { grouped } from "./audit-groups";
import { auditActions } from "./audit-words.ja";

describe("days of the audit log", () => {
  it.each(["", "yesterday", "2026-4-1", "2026-04-01T00:00:00Z"])("are not %j", (day) => {
    expect(instants({ from: day, to: day })).toEqual({ from: null, to: null });
  });

  it("begin and end in the reader's zone, the last one included", () => {
    const { from, to } = instants({ from: "2026-04-01", to: "2026-04-30" });
    expect(new Date(from ?? "")).toEqual(new Date(2026, 3, 1));
    expect(new Date(to ?? "")).toEqual(new Date(2026, 4, 1));
  });

  it("are those of the file, too", () => {
    expect(csvOf({})).toBe("/audit.csv");
    const { searchParams } = new URL(csvOf({ from: "2026-04-01" }), "https://renkei.example");
    expect(searchParams.get("from")).toBe(new Date(2026, 3, 1).toISOString());
    expect(searchParams.has("to")).toBe(false);
  });
});

it("the filter has every action once", () => {
  expect(Object.values(grouped).flat().sort()).toEqual(Object.keys(auditActions).sort());
});
