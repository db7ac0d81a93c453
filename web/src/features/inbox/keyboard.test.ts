import { expect, test } from "vitest";
import { meaningOf, onwardFrom } from "./keyboard";

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

test("j, k, x and o move, choose and open, r and e decide", () => {
  expect(["j", "k", "x", "o", "r", "e"].map((key) => meaningOf(press(key), true))).toEqual([
    "next",
    "previous",
    "select",
    "open",
    "route",
    "exclude",
  ]);
});

test("whose place is gone goes on from there, and stays in the list at its ends", () => {
  const place = { ids: ["a", "b", "c", "d"], at: 1 };
  expect(onwardFrom(place, "next", ["a", "c", "d"])).toBe("c");
  expect(onwardFrom(place, "previous", ["a", "c", "d"])).toBe("a");
  expect(onwardFrom(place, "next", ["new", "a"]), "nobody is left behind it").toBe("a");
  expect(onwardFrom(place, "previous", ["d"]), "nobody is left before it").toBe("d");
  expect(onwardFrom(place, "next", ["x", "y"]), "it is another list").toBeUndefined();
});
