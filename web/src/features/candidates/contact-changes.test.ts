import { expect, test } from "vitest";
import { changesOf, contactOf, putTogether } from "./contact-changes";

const read = contactOf({ email: "mihon@example.jp", phone: null, note: "電話は午後に" });

test("only what was typed anew is sent, and what was emptied is removed", () => {
  expect(changesOf(read, read)).toEqual({});
  expect(changesOf(read, { ...read, phone: " 090-1234-5678 " })).toEqual({ phone: "090-1234-5678" });
  expect(changesOf(read, { ...read, email: "  " })).toEqual({ email: null });
  expect(changesOf(read, { ...read, note: "電話は午後に \n" })).toEqual({});
});

test("what only the other changed is taken over, and nobody is asked", () => {
  const typed = { ...read, phone: "090-1234-5678" };
  const saved = { ...read, note: "メールで連絡" };
  expect(putTogether(read, typed, saved)).toEqual({
    contact: { ...read, phone: "090-1234-5678", note: "メールで連絡" },
    contested: [],
    adopted: ["note"],
  });
});

test("what both changed is for a person to decide, and what was typed is not lost", () => {
  const typed = { ...read, note: "午前に電話", email: "new@example.jp" };
  const saved = { ...read, note: "メールで連絡", email: "new@example.jp" };
  expect(putTogether(read, typed, saved)).toEqual({ contact: typed, contested: ["note"], adopted: [] });
});
