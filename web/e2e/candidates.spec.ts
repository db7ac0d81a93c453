import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { Company, expect, test } from "./stage";

/** The ids of those whom a search finds, the first to come in first. */
async function found(company: Company, search: string): Promise<string[]> {
  const { candidates } = await company.ask<{ candidates: { nodes: { id: string }[] } }>(
    "query($search: String!) { candidates(search: $search) { nodes { id } } }",
    { search },
  );
  return candidates.nodes.map(({ id }) => id).reverse();
}

const said = (page: Page, message: string) => page.getByRole("alert").filter({ hasText: message });

test("somebody is found however their name is written, and the search is in the address", async ({
  company,
  signedIn: page,
}) => {
  await company.apply({ name: "髙梨 ハルカ" });
  await company.link();
  await page.goto("/candidates");
  const people = page.getByRole("main").getByRole("listitem");
  await expect.poll(() => people.count()).toBeGreaterThan(5);
  const search = page.getByRole("searchbox", { name: "応募者を検索" });
  await search.fill("いない人");
  await expect(page.getByText("見つかりませんでした")).toBeVisible();
  for (const written of ["高梨はるか", "ﾊﾙｶ", "ハルカ　高梨", "髙梨"]) {
    await search.fill(written);
    await expect(page).toHaveURL(new RegExp(`search=${encodeURIComponent(written)}`));
    await expect(page.getByText("1人", { exact: true })).toBeVisible();
    await expect(people).toHaveCount(1);
    await expect(page.getByRole("link", { name: "髙梨 ハルカ" })).toBeVisible();
  }
  await page.reload();
  await expect(search).toHaveValue("髙梨");
  await expect(people).toHaveCount(1);
  await page.getByRole("button", { name: "検索条件を消す" }).click();
  await expect.poll(() => people.count()).toBeGreaterThan(5);
  await expect(page).toHaveURL(/\/candidates$/);
});

test("of two who edit a contact the second sees what the first did, and nothing is lost", async ({
  company,
  signedIn: page,
  browser,
}) => {
  await company.apply({ name: "白鳥 みのり" });
  await company.link();
  const [id] = await found(company, "白鳥みのり");
  const other = await company.signIn(browser, `/candidates/${id}`);
  await page.goto(`/candidates/${id}`);
  await page.getByRole("button", { name: "入力する" }).click();
  await other.getByRole("button", { name: "入力する" }).click();

  await other.getByLabel("メールアドレス").fill("みのり");
  await other.getByRole("button", { name: "保存" }).click();
  await expect(other.getByLabel("メールアドレス")).toHaveAttribute("aria-invalid", "true");
  await other.getByLabel("メールアドレス").fill("minori@example.jp");
  await other.getByLabel("メモ", { exact: true }).fill("電話は午後に");
  await other.getByRole("button", { name: "保存" }).click();
  await expect(other.getByRole("link", { name: "minori@example.jp" })).toBeVisible();

  await page.getByLabel("電話番号").fill("090-1234-5678");
  await page.getByLabel("メモ", { exact: true }).fill("メールで連絡");
  await page.getByRole("button", { name: "保存" }).click();
  const conflict = said(page, "ほかの人が先に変更しました");
  await expect(conflict).toContainText("電話は午後に");
  await expect(conflict).toContainText("メールアドレス");
  await expect(page.getByRole("button", { name: "保存", exact: true })).toBeDisabled();
  await expectAccessible(page);
  await conflict.getByRole("button", { name: "自分の入力にする" }).click();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByRole("link", { name: "090-1234-5678" })).toBeVisible();
  await expect(page.getByText("メールで連絡")).toBeVisible();
  await expect(page.getByRole("link", { name: "minori@example.jp" })).toBeVisible();
});

test("two who are one are merged, both histories are there, and it can be undone", async ({
  company,
  signedIn: page,
}) => {
  const opening = await company.opening("バックエンドエンジニア");
  await company.apply({ name: "白鳥 みのり", position: "サーバーサイド", count: 2 });
  await company.link();
  await company.rule("サーバーサイド", opening);
  const ids = await found(company, "白鳥みのり");
  await page.goto("/candidates/duplicates");
  const pair = page.getByRole("group", { name: "白鳥 みのりさんと白鳥 みのりさん" });
  await expect(pair).toContainText("氏名が同じ");
  await pair.getByRole("button", { name: "統合" }).click();
  const dialog = page.getByRole("dialog", { name: "応募者の統合" });
  await expect(dialog.getByText("同じ求人で、どちらも選考中です")).toBeVisible();
  await expect(dialog.getByText("選考: 2件")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("radio").nth(1).check();
  await dialog.getByRole("button", { name: "統合する" }).click();
  await expect(dialog).toBeHidden();
  await expect(pair).toBeHidden();
  await page.getByRole("link", { name: "白鳥 みのりさんを開く" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "白鳥 みのり" })).toBeVisible();
  await expect(page.getByRole("region", { name: "選考" }).getByRole("listitem")).toHaveCount(2);
  await expect(page.getByRole("region", { name: "取り込みと振り分け" }).getByRole("listitem")).toHaveCount(2);
  const merges = page.getByRole("region", { name: "統合の履歴" });
  await merges.getByRole("button", { name: /白鳥 みのり/ }).click();
  await expect(merges.getByText("この人の応募")).toBeVisible();
  await expectAccessible(page);
  const standing = page.url();
  // Either address leads to who stands for both.
  for (const id of ids) {
    await page.goto(`/candidates/${id}`);
    await expect(page).toHaveURL(standing);
  }
  await merges.getByRole("button", { name: "統合を元に戻す" }).click();
  await expect(merges).toContainText("元に戻しました");
  await expect(page.getByRole("region", { name: "選考" }).getByRole("listitem")).toHaveCount(1);
  await expect(
    page.getByRole("region", { name: "よく似た応募者" }).getByRole("link", { name: "白鳥 みのり" }),
  ).toBeVisible();
  await page.goto("/candidates/duplicates");
  await expect(pair).toBeVisible();
});

test("two who are not one are told apart, and that can be taken back", async ({ company, signedIn: page }) => {
  await company.apply({ name: "白鳥 みのり", count: 2 });
  await company.link();
  const [id] = await found(company, "白鳥みのり");
  await page.goto("/candidates/duplicates");
  const pair = page.getByRole("group", { name: "白鳥 みのりさんと白鳥 みのりさん" });
  await pair.getByRole("button", { name: "別人" }).click();
  await expect(pair).toBeHidden();
  await page.getByRole("button", { name: "元に戻す" }).click();
  await expect(pair).toBeVisible();

  await page.goto(`/candidates/${id}`);
  const similar = page.getByRole("region", { name: "よく似た応募者" });
  await similar.getByRole("button", { name: "白鳥 みのりさんを別人とする" }).click();
  await expect(similar).toContainText(`${company.admin.name}さんが別人と判断しました`);
  await page.goto("/candidates/duplicates");
  // Others of one name may have applied, too.
  const others = page.getByRole("group", { name: /さんと.+さん$/ }).first();
  await expect(page.getByText("確認が必要な組はありません").or(others)).toBeVisible();
  await expect(pair).toHaveCount(0);
  await page.goto(`/candidates/${id}`);
  await similar.getByRole("button", { name: "白鳥 みのりさんを候補に戻す" }).click();
  await expect(similar.getByRole("button", { name: "白鳥 みのりさんと統合" })).toBeVisible();
});

test("who is erased is gone from everywhere, and a receipt says how much it was", async ({ browser }) => {
  const company = await Company.found([{ name: "調整 次郎", roles: "COORDINATOR" }]);
  await company.apply({ name: "白鳥 みのり" });
  await company.link();
  const [id] = await found(company, "白鳥みのり");
  const coordinator = await company.signIn(browser, `/candidates/${id}`, company.members[1]);
  await expect(coordinator.getByRole("heading", { level: 1, name: "白鳥 みのり" })).toBeVisible();
  await expect(coordinator.getByRole("button", { name: "応募者を削除" })).toBeHidden();

  const page = await company.signIn(browser, "/candidates?search=白鳥");
  await page.getByRole("link", { name: "白鳥 みのり" }).click();
  await page.getByRole("button", { name: "応募者を削除" }).click();
  const dialog = page.getByRole("dialog", { name: "応募者の削除" });
  const submit = dialog.getByRole("button", { name: "完全に削除する" });
  await expect(dialog.getByText("取り込んだ応募")).toBeVisible();
  await expect(submit).toBeDisabled();
  const name = dialog.getByLabel(/氏名「白鳥 みのり」を入力/);
  await name.fill("白鳥 みどり");
  await expect(submit).toBeDisabled();
  await expectAccessible(page);
  await name.fill("白鳥　みのり");
  await submit.click();
  await expect(page.getByRole("heading", { level: 1, name: "応募者を削除しました" })).toBeVisible();
  await expect(page.getByText("控えの番号")).toBeVisible();
  await page.getByRole("link", { name: "応募者一覧へ" }).click();
  await page.getByRole("searchbox").fill("白鳥");
  await expect(page.getByText("見つかりませんでした")).toBeVisible();
  const { inbox } = await company.ask<{ inbox: { totalCount: number } }>(`{ inbox(search: "白鳥") { totalCount } }`);
  expect(inbox.totalCount).toBe(0);
  await coordinator.reload();
  await expect(coordinator.getByText("この応募者は見つかりません")).toBeVisible();
});

test("what is decided on a candidate's page is seen on it in another browser, without opening anything", async ({
  company,
  browser,
  signedIn: page,
}) => {
  const opening = await company.opening("バックエンドエンジニア");
  await company.apply({ name: "白鳥 みのり", position: "サーバーサイド" });
  await company.link();
  const [id] = await found(company, "白鳥");
  await page.goto(`/candidates/${id}`);
  await expect(page.getByText("求人への応募はまだありません。")).toBeVisible();
  await company.rule("サーバーサイド", opening);
  const selection = page.getByRole("region", { name: "選考", exact: true });
  await expect(selection.getByRole("link", { name: "バックエンドエンジニア" })).toBeVisible();
  const other = await company.signIn(browser, `/candidates/${id}`);
  await expect(other.getByText("応募受付", { exact: true })).toBeVisible();
  await selection.getByRole("button", { name: "「書類選考」へ進める" }).click();
  await expect(selection.getByText("書類選考", { exact: true })).toBeVisible();
  await expect(other.getByText("書類選考", { exact: true })).toBeVisible();
  await other.getByRole("button", { name: "選考を終了" }).click();
  await expectAccessible(other);
  await other.getByRole("button", { name: "終了する" }).click();
  await expect(selection.getByText("不合格", { exact: true })).toBeVisible();
});

test("a profile can be read on a phone, and an application opens beside it", async ({ company, signedIn: page }) => {
  const opening = await company.opening("バックエンドエンジニア");
  await company.apply({ name: "白鳥 みのり", position: "サーバーサイド" });
  await company.link();
  await company.rule("サーバーサイド", opening);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/candidates?search=白鳥");
  await expectAccessible(page);
  await expect.poll(() => sideways(page)).toBe(0);
  await page.getByRole("link", { name: "白鳥 みのり" }).click();
  await expect(page.getByRole("heading", { name: "プロフィール" })).toBeVisible();
  await expect.poll(() => sideways(page)).toBe(0);
  await page.getByRole("link", { name: "バックエンドエンジニア" }).click();
  await expect(page).toHaveURL(/application=/);
  const drawer = page.getByRole("dialog", { name: "選考の詳細" });
  await expect(drawer).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(page).not.toHaveURL(/application=/);
});

test("a name that looks like a page is a name, and nothing of it runs", async ({ company, signedIn: page }) => {
  const name = '<img src=x onerror="alert(1)">';
  const opening = await company.opening("バックエンドエンジニア");
  await company.apply({ name, position: "サーバーサイド", count: 2 });
  await company.link();
  await company.rule("サーバーサイド", opening);
  const [id] = await found(company, "onerror");
  const ran: string[] = [];
  page.on("dialog", (dialog) => {
    ran.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.endsWith("/x")) ran.push(request.url());
  });
  await page.goto("/candidates?search=onerror");
  await expect(page.getByRole("link", { name }).first()).toBeVisible();
  await page.goto(`/candidates/${id}`);
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page).toHaveTitle(/^<img src=x/);
  await page.getByRole("button", { name: "応募者を削除" }).click();
  await expect(page.getByRole("dialog").getByLabel(/<img src=x/)).toBeVisible();
  await page.goto("/candidates/duplicates");
  await page.getByRole("group", { name }).getByRole("button", { name: "別人" }).click();
  await expect(page.getByRole("status").filter({ hasText: name })).toBeVisible();
  for (const path of ["/inbox?state=ROUTED&search=onerror", `/openings/${opening}`]) {
    await page.goto(path);
    await expect(page.getByText(name).filter({ visible: true }).first()).toBeVisible();
  }
  expect(ran).toEqual([]);
});

/** By how much a page is wider than what shows it. */
function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
