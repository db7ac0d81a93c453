import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { Company, expect, test } from "./stage";

// Each looks at pages several times over.
test.describe.configure({ timeout: 120_000 });

/** A text as Windows in Japan writes it. */
function shiftJIS(text: string): Buffer {
  const decoder = new TextDecoder("shift_jis");
  const codes = new Map<string, [number, number]>();
  for (let lead = 0x81; lead <= 0xfc; lead++) {
    if (lead > 0x9f && lead < 0xe0) continue;
    for (let trail = 0x40; trail <= 0xfc; trail++) codes.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
  }
  return Buffer.from([...text].flatMap((sign) => codes.get(sign) ?? [sign.charCodeAt(0)]));
}

const csv = (...lines: string[]) => lines.join("\r\n");

/** Chooses a file, as if it lay on the disk. */
async function choose(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page.getByLabel("応募者のファイル").setInputFiles({
    name,
    mimeType: "text/csv",
    buffer: typeof content === "string" ? Buffer.from(content) : content,
  });
}

/** Says of which medium it is. */
async function from(page: Page, medium: string): Promise<void> {
  await page.getByRole("combobox", { name: "求人媒体" }).click();
  await page.getByRole("option", { name: medium, exact: true }).click();
}

const submit = (page: Page) => page.getByRole("button", { name: "取り込む", exact: true });
const files = (page: Page) => page.getByRole("list", { name: "取り込んだファイル" }).getByRole("listitem");

/** How many files were imported, and how many people came in. */
async function stored(company: Company): Promise<{ files: number; people: number }> {
  const { fileImports, candidates } = await company.ask<{
    fileImports: { totalCount: number };
    candidates: { totalCount: number };
  }>("{ fileImports { totalCount } candidates { totalCount } }");
  return { files: fileImports.totalCount, people: candidates.totalCount };
}

test("a file in Shift_JIS is looked at, put right and imported, and its bad lines come back to be mended", async ({
  company,
  signedIn: page,
}) => {
  const content = shiftJIS(
    csv(
      "氏名,連絡先,応募求人,応募日,備考",
      "高橋 陽菜,hina@mail.invalid,広報,2026-11-01,一",
      ",nobody@mail.invalid,広報,2026-11-02,二",
      "佐藤 美咲,misaki@mail.invalid,広報,2026-11-03,三",
    ),
  );
  await page.goto("/files");
  await choose(page, "応募者.csv", content);
  await expect(submit(page)).toBeDisabled();
  await from(page, "Green");
  const rows = page.getByRole("region", { name: "最初の5行" });
  await expect(rows.getByRole("row", { name: /高橋 陽菜/ })).toBeVisible();
  await expect(rows.getByRole("row", { name: /取り込めません: 氏名がありません/ })).toBeVisible();
  await expect(page.getByText(/Shift_JIS/)).toBeVisible();
  await expect(rows.getByText("hina@mail.invalid")).toHaveCount(0);
  await page.getByRole("combobox", { name: "メールアドレス" }).click();
  await page.getByRole("option", { name: "連絡先" }).click();
  await expect(rows.getByText("hina@mail.invalid")).toBeVisible();
  await expect(page.getByText("取り込まない列: 備考")).toBeVisible();
  await expectAccessible(page);
  await submit(page).click();

  await expect(page.getByRole("heading", { level: 1, name: "応募者.csv" })).toBeVisible();
  await expect(page.getByText("3 / 3行")).toBeVisible();
  const bad = page.getByRole("list", { name: "取り込めなかった行" }).getByRole("listitem");
  await expect(bad).toHaveCount(1);
  await expect(bad).toContainText("3行目");
  await expect(bad).toContainText("氏名がありません");
  await expect(page.getByRole("list", { name: "取り込んだ応募" }).getByRole("listitem")).toHaveCount(2);
  await expectAccessible(page);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "取り込めなかった行をダウンロード" }).click();
  const lines = await readFile(await (await downloading).path(), "utf8");
  expect(lines).toContain("nobody@mail.invalid");
  expect(lines).not.toContain("hina@mail.invalid");

  await page.getByRole("link", { name: "ファイル取り込みへ戻る" }).click();
  await expect(files(page)).toHaveCount(1);
  await choose(page, "応募者.csv", content);
  await expect(page.getByText("この媒体の前回の割り当てを使っています。")).toBeVisible();
  await submit(page).click();
  await expect(page.getByText("このファイルは取り込み済みです。")).toBeVisible();
  expect(await stored(company)).toEqual({ files: 1, people: 2 });
});

test("a file that cannot be read is refused with the reason, and nobody comes in", async ({
  company,
  signedIn: page,
}) => {
  await page.goto("/files");
  await choose(page, "写真.csv", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]));
  await from(page, "Green");
  await expect(page.getByRole("alert")).toContainText("取り込む前に直すところがあります");
  await expect(submit(page)).toBeDisabled();
  await expectAccessible(page);
  await page.getByRole("button", { name: "別のファイルにする" }).click();

  await choose(page, "職種なし.csv", csv("氏名,応募日", "田中 陽菜,2026-11-01"));
  await from(page, "Green");
  await expect(page.getByRole("alert")).toContainText("募集ポジション名");
  await expect(submit(page)).toBeDisabled();
  await page.getByRole("textbox", { name: "募集ポジション名がない行に使う名前" }).fill("広報");
  await expect(page.getByRole("row", { name: /田中 陽菜 広報/ })).toBeVisible();
  await expect(submit(page)).toBeEnabled();
  await page.getByRole("button", { name: "別のファイルにする" }).click();
  expect(await stored(company)).toEqual({ files: 0, people: 0 });

  const many = Array.from({ length: 2_000 }, (_, i) => `応募 ${i},広報`);
  await choose(page, "閉じ忘れ.csv", csv("氏名,応募求人", ...many, '"田中 陽菜,広報'));
  await from(page, "Green");
  await submit(page).click();
  const failed = page.getByRole("alert").filter({ hasText: "取り込みは途中で終わりました" });
  await expect(failed).toContainText("2002行目を確かめてください。");
  await expectAccessible(page);
  await page.getByRole("link", { name: "ファイル取り込みへ戻る" }).click();
  await expect(files(page)).toContainText("失敗");
  expect(await stored(company)).toEqual({ files: 1, people: 0 });
});

test("a large file is seen coming in and can be cancelled: what came in stays, the rest does not come", async ({
  company,
  signedIn: page,
}) => {
  const lines = 90_000;
  const many = Array.from({ length: lines }, (_, i) => `応募 ${i},広報`);
  await page.goto("/files");
  await choose(page, "全員.csv", csv("氏名,応募求人", ...many));
  await from(page, "Green");
  await submit(page).click();
  await expect
    .poll(async () => (await stored(company)).people, { intervals: [50], timeout: 60_000 })
    .toBeGreaterThan(0);
  const letGo = await company.holdFiles();
  await expect(page.getByText("取り込み中", { exact: true })).toBeVisible();
  await expect(page.getByText(/^[1-9][\d,]* \/ 90,000行$/)).toBeVisible();
  await page.getByRole("button", { name: "取り込みを中止" }).press("Enter");
  const asked = page.getByRole("dialog", { name: "取り込みを中止しますか？" });
  await expect(asked).toContainText("すでに取り込んだ応募は残ります。");
  await asked.getByRole("button", { name: "中止する" }).press("Enter");
  await expect(asked.getByRole("button", { name: "中止する" }), "it is asked for").toHaveAttribute(
    "data-loading",
    "true",
  );
  await letGo();
  await expect(asked).toBeHidden();
  await expect(page.getByText("取り込みは中止されました。")).toBeVisible();
  await expect(page.getByRole("button", { name: "取り込みを中止" })).toHaveCount(0);
  const { people } = await stored(company);
  expect(people).toBeGreaterThan(0);
  expect(people).toBeLessThan(lines);
  await page.getByRole("link", { name: "ファイル取り込みへ戻る" }).click();
  await expect(files(page)).toContainText("中止");
  await expectAccessible(page);
});

test("a coordinator has no files, and is told why", async ({ browser }) => {
  const company = await Company.found([{ name: "調整 次郎", roles: "COORDINATOR" }]);
  const page = await company.signIn(browser, "/files", company.members[1]);
  await expect(page.getByText("ファイル取り込みは採用担当者が使えます")).toBeVisible();
  await expect(page.getByLabel("応募者のファイル")).toHaveCount(0);
  await expect(page.getByRole("navigation").getByRole("link", { name: "ファイル取り込み" })).toHaveCount(0);
  await expectAccessible(page);
});
