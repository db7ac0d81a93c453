import { beforeEach, expect, test } from "vitest";
import { foldedIncidents, foldIncidents } from "./mending";

beforeEach(() => sessionStorage.clear());

test("nothing is folded away until somebody does so", () => {
  expect(foldedIncidents()).toEqual([]);
});

test("what was folded away stays so, until it is unfolded", () => {
  foldIncidents(["one", "two"]);
  expect(foldedIncidents()).toEqual(["one", "two"]);
  foldIncidents([]);
  expect(foldedIncidents()).toEqual([]);
});
