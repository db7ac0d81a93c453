import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { addTexts } from "../../i18n";
import { AccountStatus } from "./account-status";
import { en } from "./en";
import { ja } from "./ja";
import { newestOf } from "./live";
import { importFrom } from "./register-form";

addTexts("link", { ja, en });

test.each([
  ["UNLINKED", "未連携"],
  ["VERIFYING", "アカウント認証中"],
  ["LINKED", "連携中"],
  ["AUTH_FAILED", "アカウント認証失敗"],
  ["SYSTEM_ERROR", "エラーにより認証失敗"],
] as const)("%s is told in the manual's word, %s", (status, word) => {
  render(<AccountStatus status={status} />, { wrapper: MantineProvider });
  expect(screen.getByText(word)).toBeTruthy();
});

test("an answer that is older than what events have told since does not count", () => {
  const verifying = { id: "a", revision: 1, status: "VERIFYING" };
  const failed = { id: "a", revision: 2, status: "AUTH_FAILED" };
  expect(newestOf(verifying, [failed])).toBe(failed);
  expect(newestOf(failed, [verifying, undefined])).toBe(failed);
  expect(newestOf(verifying, [])).toBe(verifying);
});

test("importing starts so many days back, and where nothing is chosen the server decides", () => {
  const now = Date.parse("2026-04-30T00:00:00Z");
  expect(importFrom("7", now)).toBe("2026-04-23T00:00:00.000Z");
  expect(importFrom("", now)).toBeNull();
});
