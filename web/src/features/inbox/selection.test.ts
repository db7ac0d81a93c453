import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { between, most, useSelection } from "./selection";

const shown = ["a", "b", "c", "d", "e"];

test("a range goes from the last that was chosen, in either direction", () => {
  expect(between(shown, "b", "d")).toEqual(["b", "c", "d"]);
  expect(between(shown, "d", "b")).toEqual(["b", "c", "d"]);
});

test("a range from somebody who is gone is only whom it ends at", () => {
  expect(between(shown, "z", "d")).toEqual(["d"]);
  expect(between(shown, null, "d")).toEqual(["d"]);
});

test("whoever is no longer shown is no longer chosen", () => {
  const { result, rerender } = renderHook(({ ids }) => useSelection(ids, "waiting"), { initialProps: { ids: shown } });
  act(() => result.current.all(true));
  rerender({ ids: ["b", "d", "f"] });
  expect(result.current.chosen).toEqual(["b", "d"]);
});

test("what is chosen in one list counts for no other", () => {
  const { result, rerender } = renderHook(({ list }) => useSelection(shown, list), {
    initialProps: { list: "waiting" },
  });
  act(() => result.current.toggle("a"));
  rerender({ list: "excluded" });
  expect(result.current.chosen).toEqual([]);
});

test("a range is chosen, and taken back from where it ended", () => {
  const { result } = renderHook(() => useSelection(shown, "waiting"));
  act(() => result.current.toggle("b"));
  act(() => result.current.toggle("e", true));
  expect(result.current.chosen).toEqual(["b", "c", "d", "e"]);
  act(() => result.current.toggle("d", true));
  expect(result.current.chosen).toEqual(["b", "c"]);
});

test("no more are chosen than can be decided on at once", () => {
  const many = Array.from({ length: most + 100 }, (_, i) => `${i}`);
  const { result } = renderHook(() => useSelection(many, "waiting"));
  act(() => result.current.all(true));
  expect(result.current.chosen).toHaveLength(most);
});
