import { expect, test } from "vitest";
import { assign, choices, further, usual } from "./mapping";

test("a column that is given to another field is taken from the one that had it", () => {
  const mapping = [
    { field: "NAME", header: "氏名" },
    { field: "EMAIL", header: "連絡先" },
  ] as const;
  expect(assign(mapping, "PHONE", "連絡先")).toEqual([
    { field: "NAME", header: "氏名" },
    { field: "PHONE", header: "連絡先" },
  ]);
});

test("a field has one column, and may have none", () => {
  const mapping = [{ field: "NAME", header: "氏名" }] as const;
  expect(assign(mapping, "NAME", "候補者名")).toEqual([{ field: "NAME", header: "候補者名" }]);
  expect(assign(mapping, "NAME", null)).toEqual([]);
});

test("columns of one name are one choice, and columns without a name are none", () => {
  expect(choices(["氏名", "", "備考", "備考", " "])).toEqual(["氏名", "備考"]);
});

test("every field is asked for once", () => {
  const all = [...usual, ...further];
  expect(new Set(all).size).toBe(all.length);
  expect(all).toHaveLength(19);
});
