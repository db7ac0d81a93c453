import { expect, test } from "vitest";
import { meaningOf } from "./keyboard";

const press = (key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey", boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

test("what the browser does with a held key, it goes on doing", () => {
  expect(meaningOf(press("k", { ctrlKey: true }), true)).toBeNull();
  expect(meaningOf(press("j", { metaKey: true }), true)).toBeNull();
  expect(meaningOf(press("x", { altKey: true }), true)).toBeNull();
});

test("letters can be switched off, and the arrows go on", () => {
  expect(meaningOf(press("x"), false)).toBeNull();
  expect(meaningOf(press("ArrowDown"), false)).toBe("next");
});

test("j, k, x and o move, choose and open", () => {
  expect(["j", "k", "x", "o"].map((key) => meaningOf(press(key), true))).toEqual([
    "next",
    "previous",
    "select",
    "open",
  ]);
});
