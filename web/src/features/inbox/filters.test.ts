import { expect, test } from "vitest";
import { countOf, csvAddress, filtersOf } from "./filters";

const opening = "0d2c7f3e-6b1a-4c55-9f1e-2f6f3d0c8a11";

test("what an address says and nobody knows is left out, so that an old link still shows a list", () => {
  const filters = filtersOf({ state: "LOST", medium: "MYSPACE", reason: "WEATHER", opening: "x", since: "yesterday" });
  expect(filters).toEqual({
    state: "WAITING",
    medium: null,
    positionName: null,
    waitingReason: null,
    openingId: null,
    appliedSince: null,
    search: null,
  });
  expect(countOf(filters)).toBe(0);
});

test("a filter that means nothing on a tab does not empty it", () => {
  expect(filtersOf({ state: "WAITING", opening }).openingId).toBeNull();
  expect(filtersOf({ state: "ROUTED", opening, reason: "UNDONE" })).toMatchObject({
    openingId: opening,
    waitingReason: null,
  });
});

test("a day begins at the reader's midnight", () => {
  expect(filtersOf({ since: "2026-04-01" }).appliedSince).toBe(new Date(2026, 3, 1).toISOString());
});

test("the file holds what the list shows", () => {
  const filters = filtersOf({ position: "営業 & 企画", search: "佐藤", reason: "NO_RULE" });
  const address = new URL(csvAddress(filters, "en", "Asia/Tokyo"), "http://console.example");
  expect(address.pathname).toBe("/inbox.csv");
  expect(Object.fromEntries(address.searchParams)).toEqual({
    state: "WAITING",
    positionName: "営業 & 企画",
    waitingReason: "NO_RULE",
    search: "佐藤",
    lang: "en",
    zone: "Asia/Tokyo",
  });
});
