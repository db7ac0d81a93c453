import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { Company, expect, test } from "./stage";

const list = (page: Page) => page.getByRole("list", { name: "応募の一覧" });
const tab = (page: Page, name: string) => page.getByRole("tab", { name });
const position = (page: Page, name: string) =>
  page.getByRole("region", { name: "滞留している募集ポジション" }).getByRole("listitem").filter({ hasText: name });

test("a recruiter routes 100 waiting people in under a minute of clicks", async ({ company, signedIn: page }) => {
  for (const name of ["法人営業", "バックエンドエンジニア", "広報"]) await company.opening(name);
  await company.apply({ position: "【急募】法人営業", count: 40 });
  await company.apply({ position: "バックエンドエンジニア（Go）", count: 35 });
  await company.apply({ position: "オープンポジション", count: 25 });
  await company.link();
  await page.goto("/inbox");
  await expect(tab(page, "滞留")).toHaveText(/滞留 1\d\d$/, { timeout: 30_000 });

  let clicks = 0;
  const click = async (...[role, name]: Parameters<Page["getByRole"]>) => {
    clicks++;
    await page.getByRole(role, name).click();
  };
  const began = Date.now();
  for (const name of ["【急募】法人営業", "バックエンドエンジニア（Go）"]) {
    clicks++;
    await position(page, name)
      .getByRole("button", { name: /へのルールを登録/ })
      .first()
      .click();
    await click("button", { name: /^登録して\d+人を振り分ける$/ });
    await expect(position(page, name)).toBeHidden();
  }
  const { inboxSummary } = await company.ask<{ inboxSummary: { waiting: number } }>("{ inboxSummary { waiting } }");
  await expect(tab(page, "滞留"), "the number has followed").toHaveText(`滞留 ${inboxSummary.waiting}`);
  await expect(list(page).getByRole("listitem"), "the list has followed").toHaveCount(inboxSummary.waiting);
  await click("checkbox", { name: "表示中をすべて選択" });
  await click("button", { name: "求人へ振り分ける" });
  await click("combobox", { name: "振り分け先求人" });
  await click("option", { name: "広報" });
  await click("button", { name: /^\d+人を振り分ける$/ });
  await expect(tab(page, "滞留")).toHaveText("滞留 0");
  const seconds = (Date.now() - began) / 1_000;
  test.info().annotations.push({ type: "routed", description: `${clicks} clicks, ${seconds.toFixed(1)} s` });
  expect(clicks).toBeLessThanOrEqual(10);
  expect(seconds).toBeLessThan(60);
  await expect(page.getByText("滞留はありません")).toBeVisible();
});

test("who cannot be routed is named with the reason, the others go, and undoing brings them back", async ({
  company,
  signedIn: page,
}) => {
  await company.opening("広報");
  await company.apply({ position: "広報", name: "遅れた 太郎" });
  await company.apply({ position: "広報", count: 2 });
  await company.link();
  await page.goto("/inbox?position=広報");
  await expect(list(page).getByRole("listitem")).toHaveCount(3);
  await page.getByRole("checkbox", { name: "表示中をすべて選択" }).check();
  await page.getByRole("button", { name: "求人へ振り分ける" }).click();
  await page.getByRole("combobox", { name: "振り分け先求人" }).click();
  await page.getByRole("option", { name: "広報" }).click();
  const { inbox } = await company.ask<{ inbox: { nodes: { id: string }[] } }>(
    `{ inbox(search: "遅れた 太郎") { nodes { id } } }`,
  );
  await company.ask("mutation($ids: [ID!]!) { excludeEntries(ids: $ids) { errors { message } } }", {
    ids: inbox.nodes.map(({ id }) => id),
  });
  await page.getByRole("button", { name: "3人を振り分ける" }).click();
  const refused = page.getByRole("dialog", { name: "1人は変更できませんでした" });
  await expect(refused.getByRole("row", { name: /遅れた 太郎.*。/ })).toBeVisible();
  await refused.getByRole("button", { name: "閉じる" }).click();
  await expect(page.getByText("2人を「広報」へ振り分けました。")).toBeVisible();
  await expect(list(page)).toBeHidden();
  await page.getByRole("status").getByRole("button", { name: "元に戻す" }).click();
  await expect(page.getByText("2人を元に戻しました。")).toBeVisible();
  await expect(list(page).getByRole("listitem")).toHaveCount(2);

  await page.getByRole("link", { name: "操作の履歴" }).click();
  const done = page.getByRole("list", { name: "操作の履歴" }).getByRole("listitem");
  await expect(done.filter({ hasText: "手動振り分け" })).toContainText("見本 花子さんが元に戻しました");
  await done.filter({ hasText: "対象外" }).getByRole("button", { name: "元に戻す" }).click();
  const asked = page.getByRole("dialog", { name: "操作を元に戻す" });
  await expect(asked).toContainText("「対象外」の1人を、操作の前の状態に戻します。");
  await expectAccessible(page);
  await asked.getByRole("button", { name: "元に戻す" }).click();
  await expect(page.getByText("1人を元に戻しました。")).toBeVisible();
  await expect(page.getByRole("button", { name: "元に戻す" })).toHaveCount(0);
});

test("each routing is explained, with the rules that came near, and found by the keyboard alone", async ({
  company,
  signedIn: page,
}) => {
  const sales = await company.opening("法人営業");
  await company.rule("法人営業", sales);
  await company.apply({ position: "法人営業", name: "一致 一郎" });
  await company.apply({ position: "【急募】法人営業", name: "惜しい 次郎" });
  await company.link();
  await page.goto("/inbox?position=【急募】法人営業");
  await expect(list(page)).toBeVisible();
  await page.keyboard.press("j");
  await expect(page.getByRole("button", { name: "惜しい 次郎さんの振り分けの詳細" })).toBeFocused();
  await page.keyboard.press("x");
  await expect(page.getByRole("checkbox", { name: "惜しい 次郎さんを選択" })).toBeChecked();
  await page.keyboard.press("Enter");
  const near = page.getByRole("dialog", { name: "惜しい 次郎" });
  await expect(near).toContainText("一致する振り分けルールがないため");
  await expect(near.getByRole("listitem").filter({ hasText: "装飾や記号が異なります" })).toContainText("→ 法人営業");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(near).toBeHidden();

  await page.goto("/inbox?state=ROUTED&position=法人営業");
  await page.getByRole("button", { name: "一致 一郎さんの振り分けの詳細" }).click();
  const matched = page.getByRole("dialog", { name: "一致 一郎" });
  await expect(matched).toContainText("「法人営業」（第1版）");
  await expect(matched).toContainText("自動で振り分けました");
  await expect(matched.getByRole("link", { name: "選考を見る" })).toBeVisible();
});

test("whoever is excluded by a key leaves their place to the next, who is routed by a key", async ({
  company,
  signedIn: page,
}) => {
  await company.opening("広報");
  for (const name of ["一人目", "二人目", "三人目"]) await company.apply({ position: "広報", name });
  await company.link();
  await page.goto("/inbox?position=広報");
  const rows = list(page).getByRole("listitem");
  await expect(rows).toHaveCount(3);
  const names = await rows.getByRole("link").allTextContents();
  const details = (name = "") => page.getByRole("button", { name: `${name}さんの振り分けの詳細` });
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(details(names[1])).toBeFocused();
  await page.keyboard.press("e");
  await expect(page.getByRole("status").filter({ hasText: "1人を対象外にしました。" })).toContainText("操作の履歴");
  await expect(rows).toHaveCount(2);
  await page.keyboard.press("j");
  await expect(details(names[2]), "not from the top again").toBeFocused();
  await page.keyboard.press("r");
  const asked = page.getByRole("dialog", { name: "1人を求人へ振り分ける" });
  await asked.getByRole("combobox", { name: "振り分け先求人" }).click();
  await page.getByRole("option", { name: "広報" }).click();
  await asked.getByRole("button", { name: "1人を振り分ける" }).click();
  await expect(page.getByRole("status").filter({ hasText: "1人を「広報」へ振り分けました。" })).toBeVisible();
  await expect(rows.getByRole("link")).toHaveText(names.slice(0, 1));
});

test("what one looks for is looked for on the other tabs too", async ({ company, signedIn: page }) => {
  await company.apply({ position: "広報", name: "探される 花" });
  await company.link();
  await page.goto("/inbox?search=探される");
  await expect(list(page).getByRole("listitem")).toHaveCount(1);
  await tab(page, "対象外").click();
  await expect(page.getByText("条件に合う応募はありません")).toBeVisible();
  await expect(page.getByRole("searchbox", { name: "応募者・ポジションを検索" })).toHaveValue("探される");
  await tab(page, "滞留").click();
  await expect(list(page).getByRole("listitem")).toHaveCount(1);
});

test("filters are in the address and outlive a reload, and what it cannot mean is passed over", async ({
  company,
  signedIn: page,
}) => {
  await company.apply({ position: "広報", name: "探される 花" });
  await company.apply({ position: "広報", count: 3 });
  await company.link();
  await page.goto("/inbox?medium=MYSPACE&since=someday&opening=1");
  await expect(list(page).getByRole("listitem").nth(5)).toBeVisible();
  await page.getByRole("searchbox", { name: "応募者・ポジションを検索" }).fill("探される");
  await expect(list(page).getByRole("listitem")).toHaveCount(1);
  await page.getByRole("button", { name: "絞り込み" }).click();
  await page.getByRole("combobox", { name: "滞留の理由" }).click();
  await page.getByRole("option", { name: "ルールなし" }).click();
  await expect(page).toHaveURL(/reason=NO_RULE/);
  await page.reload();
  await expect(page.getByRole("searchbox", { name: "応募者・ポジションを検索" })).toHaveValue("探される");
  await expect(page.getByRole("combobox", { name: "滞留の理由" })).toHaveValue("ルールなし");
  await expect(list(page).getByRole("listitem")).toHaveCount(1);
  await expectAccessible(page);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "CSVを出力" }).click(),
  ]);
  const rows = (await (await file.createReadStream()).toArray()).join("").trim().split("\r\n");
  expect(rows).toHaveLength(2);
  expect(rows[1]).toContain("探される 花");
});

test("what a colleague does appears by itself, a coordinator has no CSV, and a name is a text", async ({ browser }) => {
  const company = await Company.found([{ name: "調整 次郎", roles: "COORDINATOR" }]);
  const [, coordinator] = company.members;
  await company.opening("広報");
  await company.apply({ position: "広報", name: `<img src=x onerror="document.title='hacked'">` });
  await company.link();
  const mine = await company.signIn(browser, "/inbox?position=広報");
  const theirs = await company.signIn(browser, "/inbox", coordinator);
  await expect(theirs.getByRole("link", { name: "操作の履歴" })).toBeVisible();
  await expect(theirs.getByRole("link", { name: "CSVを出力" })).toHaveCount(0);
  await theirs.getByRole("button", { name: /^全\d+ポジションを表示$/ }).click();
  await position(theirs, "広報")
    .getByRole("button", { name: /へのルールを登録/ })
    .first()
    .click();
  const asked = theirs.getByRole("dialog", { name: "振り分けルールを登録" });
  await expect(asked).toContainText("滞留中の1人が、すぐに振り分けられます。");
  await expectAccessible(theirs);
  await expect(mine.getByRole("link", { name: /^<img src=x/ })).toBeVisible();
  await asked.getByRole("button", { name: "登録して1人を振り分ける" }).click();
  await expect(mine.getByText("条件に合う応募はありません")).toBeVisible();
  await expect(tab(mine, "振り分け済み")).toHaveText("振り分け済み 1");
  expect(await mine.title()).not.toBe("hacked");
});
