import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { poison } from "./sample";
import { Company, expect, test } from "./stage";

// Each looks at pages several times over.
test.describe.configure({ timeout: 120_000 });

const runs = (page: Page) => page.getByRole("list", { name: "取り込みの一覧" }).getByRole("listitem");

/** A number of a list of terms, by its term; the last where several have it. */
const number = (within: Locator, term: string) =>
  within.locator("dl > *").filter({ hasText: term }).last().getByRole("definition");

test("nobody has linked anything yet: the page says what to do, to who may do it and to who may not", async ({
  browser,
}) => {
  const company = await Company.found([{ name: "調整 次郎", roles: "COORDINATOR" }]);
  const page = await company.signIn(browser, "/imports");
  await expect(page.getByText("取り込みはまだありません")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("main").getByRole("link", { name: "Wantedly連携を見る" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Wantedly連携" })).toBeVisible();
  const coordinator = await company.signIn(browser, "/imports", company.members[1]);
  await expect(coordinator.getByText("連携は管理者が行います。")).toBeVisible();
});

test("a run under way is seen growing, and at its end every number adds up", async ({ company, signedIn: page }) => {
  const account = await company.link();
  await page.goto("/imports");
  await expect(runs(page)).toHaveCount(1);
  await company.apply({ position: "広報", count: 90 });
  // They come in by fifty.
  const letGo = await company.hold(`ok@${company.domain}`, "ticket", 80);
  await company.importNow(account);
  const latest = page.getByRole("region", { name: "最新の取り込み" });
  await expect(latest.getByText("取り込み中", { exact: true })).toBeVisible();
  await expect(number(latest, "新しい応募")).toHaveText(/^([1-9]|[1-8]\d)$/);
  await expect(latest.getByText("取り込み中", { exact: true }), "it is not over").toBeVisible();
  await latest.getByRole("link", { name: "詳しく見る" }).click();
  const numbers = page.getByRole("main");
  await expect(numbers.getByText("取り込み中", { exact: true })).toBeVisible();
  await letGo();
  await expect(numbers.getByText("完了", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(number(numbers, "新しい応募")).toHaveText("90");
  await expect(number(numbers, "滞留")).toHaveText(/90$/);
  const entries = page.getByRole("list", { name: "取り込んだ応募" }).getByRole("listitem");
  await expect(entries).toHaveCount(20);
  await page.getByRole("button", { name: "もっと見る" }).click();
  await expect(entries).toHaveCount(40);
  await expectAccessible(page);
  await page.getByRole("link", { name: "取り込み履歴へ戻る" }).click();
  await expect(runs(page).first()).toContainText("手動");
  await page.getByText("表", { exact: true }).click();
  await expect(page.getByRole("region", { name: "取り込みの推移の表" }).getByRole("row").nth(1)).toContainText("2");
  await expectAccessible(page);
});

test("a run that failed and one that was held back say why, each to whom it concerns", async ({ browser }) => {
  const company = await Company.found([{ name: "採用 太郎", roles: "RECRUITER" }]);
  const changed = await company.link("changed");
  const drift = await company.link("drift");
  const page = await company.signIn(browser, "/imports");
  await company.importNow(changed);
  const failed = runs(page).filter({ hasText: "失敗" });
  await expect(failed).toContainText("パスワードが正しくありません");
  await expect(page.getByText("✕の線は、失敗または見合わせになった取り込みがあった時です。")).toBeVisible();
  await failed.getByRole("link").click();
  const why = page.getByRole("alert").filter({ hasText: "この取り込みは途中で終わりました" });
  await expect(why).toContainText("パスワードが正しくありません");
  await expect(why.getByRole("link", { name: "Wantedly連携を見る" })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: "取り込み履歴へ戻る" }).click();
  await company.importNow(drift);
  const held = runs(page).filter({ hasText: "見合わせ" }).first();
  await expect(held).toContainText("媒体の仕様が変わった可能性があります");
  await page.getByRole("combobox", { name: "アカウント" }).click();
  await page.getByRole("option", { name: `drift@${company.domain}` }).click();
  await expect(page).toHaveURL(/account=/);
  await expect(failed).toHaveCount(0);
  await held.getByRole("link").click();
  const explained = page.getByRole("alert").filter({ hasText: "この取り込みを見合わせました" });
  await expect(explained.getByRole("listitem").first()).toBeVisible();
  await expect(explained).toContainText("応募者の情報は含みません");
  await expectAccessible(page);

  const recruiter = await company.signIn(browser, new URL(page.url()).pathname, company.members[1]);
  const shorter = recruiter.getByRole("alert").filter({ hasText: "この取り込みを見合わせました" });
  await expect(shorter).toContainText("媒体の仕様が変わった可能性があります");
  await expect(shorter.getByRole("listitem")).toHaveCount(0);
});

test("what could not be read is not lost: it is asked for again until it can be read", async ({
  company,
  signedIn: page,
}) => {
  const mend = await poison(company);
  await company.link();
  const { invalidRecords } = await company.ask<{ invalidRecords: { totalCount: number } }>(
    "{ invalidRecords { totalCount } }",
  );
  const count = invalidRecords.totalCount;
  expect(count).toBeGreaterThanOrEqual(2);
  await page.goto("/imports");
  await page.getByRole("link", { name: `読み取れなかった応募 ${count}件` }).click();
  const records = page.getByRole("list", { name: "読み取れなかった応募" }).getByRole("listitem");
  await expect(records).toHaveCount(count);
  await expectAccessible(page);

  await records.first().getByRole("checkbox").check();
  await page.getByRole("button", { name: "1件をもう一度読み取る" }).click();
  await expect(page.getByText("1件の読み取りを始めました。")).toBeVisible();
  await expect(records.first()).toContainText("2回試しました");
  await expect(records.first()).toContainText("未解決");

  await mend();
  await page.getByRole("checkbox", { name: "表示中の未解決をすべて選ぶ" }).check();
  await page.getByRole("button", { name: `${count}件をもう一度読み取る` }).click();
  await expect(records.filter({ hasText: "解消済み" })).toHaveCount(count);
  await expectAccessible(page);
  await page.getByRole("combobox", { name: "状態" }).click();
  await page.getByRole("option", { name: "未解決" }).click();
  await expect(page.getByText("この条件に当てはまる応募はありません")).toBeVisible();
  await page.getByRole("link", { name: "条件を外す" }).click();
  await records
    .first()
    .getByRole("link", { name: /さんの応募情報を見る/ })
    .click();
  await expect(page).toHaveURL(/\/inbox\?entry=/);
});
