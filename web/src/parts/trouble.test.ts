import { expect, test } from "vitest";
import { supportAt } from "./trouble";

test("a letter to support names what it is about", () => {
  expect(supportAt("mailto:help@renkei.example", "番号: 7&8")).toBe(
    "mailto:help@renkei.example?subject=%E7%95%AA%E5%8F%B7%3A%207%268",
  );
  expect(supportAt("mailto:help@renkei.example?cc=us@renkei.example", "7")).toBe(
    "mailto:help@renkei.example?cc=us@renkei.example&subject=7",
  );
});

test("a page of support stays as the operator set it", () => {
  expect(supportAt("https://help.renkei.example/", "7")).toBe("https://help.renkei.example/");
  expect(supportAt("mailto:help@renkei.example", null)).toBe("mailto:help@renkei.example");
});
