import { expect, test } from "vitest";
import { isMoving } from "./moving";

const now = Date.parse("2026-11-23T00:00:00Z");

test("a delivery that was never tried is watched", () => {
  expect(isMoving("PENDING", null, now)).toBe(true);
});

test("one that is tried again soon is watched, one that is tried hours later is not", () => {
  expect(isMoving("FAILED", "2026-11-23T00:00:05Z", now)).toBe(true);
  expect(isMoving("FAILED", "2026-11-23T02:00:00Z", now)).toBe(false);
});

test("one whose next try is overdue is watched", () => {
  expect(isMoving("FAILED", "2026-11-22T23:59:00Z", now)).toBe(true);
});

test("nobody watches what has come to its end", () => {
  for (const state of ["SENT", "GIVEN_UP", "OVERTAKEN"] as const) expect(isMoving(state, null, now)).toBe(false);
});
