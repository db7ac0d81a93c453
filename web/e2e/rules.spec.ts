import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expect, test } from "./stage";

const form = (page: Page) => page.getByRole("dialog", { name: "振り分けルールの登録" });

async function fill(page: Page, position: string, opening: string): Promise<void> {
  await page.getByRole("dialog").getByRole("combobox", { name: "募集ポジション名" }).fill(position);
  await page.getByRole("dialog").getByRole("combobox", { name: "振り分け先求人" }).click();
  await page.getByRole("option", { name: opening, exact: true }).click();
}

test("somebody types until the number is right, saves, and the people are routed; and takes that back", async ({
  company,
  signedIn: page,
}) => {
  await company.apply({ position: "法人営業（東京）", count: 3 });
  await company.opening("営業部");
  await company.link();
  await page.goto("/rules");
  await expect(page.getByText("振り分けルールはまだありません")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "ルールを登録" }).first().click();
  const dialog = form(page);
  await expect(dialog.getByRole("combobox", { name: "求人媒体" })).toHaveValue("Wantedly");
  await fill(page, "法人営業", "営業部");
  await expect(dialog.getByText("いま振り分ける人はいません")).toBeVisible();
  await dialog.getByRole("combobox", { name: "募集ポジション名" }).press("End");
  await dialog.getByRole("combobox", { name: "募集ポジション名" }).pressSequentially("（東京）");
  await expect(dialog.getByText("滞留中の3人を振り分けます")).toBeVisible();
  // The completion closes with what is clicked elsewhere.
  await dialog.getByText("登録するとこうなります").click();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "振り分けルールを登録" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("3人を「営業部」へ振り分けました。")).toBeVisible();
  await expect(page.getByRole("row", { name: /法人営業（東京）.*営業部.*3件/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "元に戻す" }).click();
  await expect(page.getByText("3人を滞留に戻しました。")).toBeVisible();
});

test("a position that has a rule is not given another, and one goes to the one there is", async ({
  company,
  signedIn: page,
}) => {
  const sales = await company.opening("営業部");
  await company.rule("SRE 〜基盤〜", sales);
  // Full width and another wave: the same name to a rule.
  await page.goto(`/rules?new=1&medium=WANTEDLY&position=${encodeURIComponent("ＳＲＥ ～基盤～")}&opening=${sales}`);
  const dialog = form(page);
  await expect(dialog.getByText("この募集ポジション名のルールがすでにあります")).toBeVisible();
  await dialog.getByRole("button", { name: "振り分けルールを登録" }).click();
  await expect(dialog.getByRole("combobox", { name: "募集ポジション名" })).toHaveAttribute("aria-invalid", "true");
  await dialog.getByRole("button", { name: "このルールを編集" }).click();
  await expect(page.getByRole("dialog", { name: "振り分けルールの編集" })).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("combobox", { name: "募集ポジション名" })).toHaveValue(
    "SRE 〜基盤〜",
  );
});

test("a name that nearly fits is shown and can be taken, for an opening that is made on the way", async ({
  company,
  signedIn: page,
}) => {
  await company.apply({ position: "【急募】経理ﾏﾈｰｼﾞｬｰ", count: 2 });
  await company.link();
  await page.goto(`/rules?new=1&position=${encodeURIComponent("経理マネージャー")}`);
  const dialog = form(page);
  await dialog.getByRole("combobox", { name: "振り分け先求人" }).fill("経理部");
  await page.getByRole("option", { name: "「経理部」を新しい求人として登録" }).click();
  await expect(dialog.getByText("いま振り分ける人はいません")).toBeVisible();
  await dialog.getByRole("button", { name: /急募.*にする/ }).click();
  await expect(dialog.getByText("滞留中の2人を振り分けます")).toBeVisible();
});

test("two people change one rule: who comes second sees what the first did, and decides", async ({
  company,
  browser,
  signedIn: page,
}) => {
  await company.rule("営業", await company.opening("営業部"));
  await company.opening("開発部");
  await page.goto("/rules");
  await page.getByRole("button", { name: "「営業」を編集" }).click();
  const mine = page.getByRole("dialog").getByRole("combobox", { name: "募集ポジション名" });
  await mine.fill("営業（東京）");

  const other = await company.signIn(browser, "/rules");
  await other.getByRole("button", { name: "「営業」を編集" }).click();
  await other.getByRole("dialog").getByRole("combobox", { name: "募集ポジション名" }).fill("営業（大阪）");
  await other.getByRole("button", { name: "保存" }).click();
  await expect(other.getByText("「営業（大阪）」のルールを保存しました。")).toBeVisible();

  await page.getByRole("button", { name: "保存", exact: true }).click();
  const conflict = page.getByRole("alert").filter({ hasText: "ほかの人がこのルールを変更しました" });
  await expect(conflict).toContainText("「営業（大阪）」");
  await expect(mine).toHaveValue("営業（東京）");
  await conflict.getByRole("button", { name: "入力した内容で保存" }).click();
  await expect(page.getByText("「営業（東京）」のルールを保存しました。")).toBeVisible();
});

test("a rule that nobody needs any more is deleted, and what it routed stays", async ({ company, signedIn: page }) => {
  await company.apply({ position: "秘書（役員）", count: 2 });
  const office = await company.opening("秘書室");
  await company.rule("秘書（役員）", office);
  await company.rule("受付", office);
  await company.rule("庶務", office);
  await company.link();
  await page.goto("/rules");
  await page.getByLabel("募集ポジション名で検索").fill("秘書");
  await expect(page.getByRole("row", { name: /受付/ })).toBeHidden();
  await expect(page).toHaveURL(/search=/);
  await page.getByRole("button", { name: "「秘書（役員）」を削除" }).click();
  const dialog = page.getByRole("dialog", { name: "振り分けルールの削除" });
  await expect(dialog.getByText("これまでに振り分けた2件の応募は、そのまま残ります。")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "ルールを削除" }).click();
  await expect(page.getByText("条件に合うルールはありません")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 }), "where no row is left").toBeFocused();
  const kept = await company.ask<{ openings: { nodes: { applicationCount: number }[] } }>(
    "{ openings { nodes { applicationCount } } }",
  );
  expect(kept.openings.nodes[0]?.applicationCount).toBe(2);

  await page.getByRole("button", { name: "条件を解除" }).click();
  const rows = page.getByRole("row", { name: /受付|庶務/ });
  await expect(rows).toHaveCount(2);
  await rows.first().getByRole("button", { name: "を削除" }).click();
  await dialog.getByRole("button", { name: "ルールを削除" }).click();
  await expect(rows).toHaveCount(1);
  await expect(rows, "the next one has taken its place").toBeFocused();
});

test("rules go out as CSV, are changed there, tried, and come in; a bad file changes nothing", async ({
  company,
  signedIn: page,
}) => {
  const sales = await company.opening("営業部");
  await company.opening("開発部");
  await company.rule("営業", sales);
  await page.goto("/rules");
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSVを出力" }).click();
  const written = await readFile(await (await downloading).path(), "utf8");
  expect(written).toContain("営業部");
  const csv = (text: string) => ({ name: "rules.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

  await page.getByRole("button", { name: "CSVで一括登録" }).click();
  const dialog = page.getByRole("dialog", { name: "振り分けルールの一括登録" });
  const choose = async (text: string) => {
    const choosing = page.waitForEvent("filechooser");
    await dialog.getByRole("button", { name: /ファイル/ }).click();
    await (await choosing).setFiles(csv(text));
  };
  await choose(`${written.trimEnd()}\nWantedly,受付,ない部署\n`);
  await expect(dialog.getByText("1行に問題があります")).toBeVisible();
  await expect(dialog.getByRole("row", { name: /3 振り分け先求人/ })).toBeVisible();
  await expect(dialog.getByRole("button", { name: "この内容で登録" })).toBeHidden();
  await expectAccessible(page);

  await choose(`${written.replace("営業部", "開発部").trimEnd()}\nWantedly,受付,営業部\n`);
  await expect(dialog.getByText("まだ登録していません。登録するとこうなります。")).toBeVisible();
  const before = await company.ask<{ routingRules: { totalCount: number } }>("{ routingRules { totalCount } }");
  expect(before.routingRules.totalCount).toBe(1);
  await dialog.getByRole("button", { name: "この内容で登録" }).click();
  await expect(dialog.getByText("ファイルの内容を登録しました。")).toBeVisible();
  await dialog.getByRole("button", { name: "閉じる" }).last().click();
  await expect(page.getByRole("row", { name: /受付.*営業部/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /営業 開発部/ })).toBeVisible();
});
