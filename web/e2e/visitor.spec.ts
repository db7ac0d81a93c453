import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { test as base, expect, program } from "./stage";

const menu = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "メニュー" }).getByRole("link", { name });

/** A demo of its own, and where its console is; what it takes until its first import is in is not of the test's time. */
const test = base.extend<{ demo: string }>({
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs off its first argument
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), "renkei-demo-"));
      const demo = spawn(await program(), ["demo"], {
        env: { ...process.env, RENKEI_DATA_DIR: folder, RENKEI_LISTEN: "127.0.0.1:0" },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = new Promise((resolve) => demo.once("close", resolve));
      try {
        await use(await consoleOf(demo));
      } finally {
        demo.kill("SIGTERM");
        await ended;
        await rm(folder, { recursive: true, force: true });
      }
    },
    { timeout: 300_000 },
  ],
});

/** Where a demo says that its console is, once there is something to see. */
async function consoleOf(demo: ChildProcess): Promise<string> {
  let said = "";
  // It goes on telling what happens: a demo whose words nobody takes any more ends at the next of them.
  for await (const some of demo.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    said += String(some);
    const found = said.match(/Console\s+(http:\/\/[^/\s]+)\//);
    if (found?.[1]) {
      demo.stdout?.resume();
      return found[1];
    }
  }
  throw new Error(`the demo has ended: ${said}`);
}

/** Moves the first person of the board that is open from its first step on. */
async function moveSomebody(page: Page): Promise<void> {
  await page
    .getByRole("button", { name: /さんを移動$/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "書類選考" }).click();
  await expect(page.getByRole("status").filter({ hasText: "「書類選考」へ移動しました" })).toBeAttached();
}

test("the manual from its first page to its last: an account is linked, a rule registered, and somebody moved on, by clicking", async ({
  company,
  signedIn: page,
}) => {
  await page.getByRole("link", { name: "アカウントを登録する" }).click();
  const form = page.getByRole("region", { name: "アカウントの登録" });
  await form.getByLabel("Wantedlyのメールアドレス").fill(`ok@${company.domain}`);
  await form.getByLabel(/^Wantedlyのパスワード/).fill("password");
  await form.getByRole("radio", { name: "30日前から" }).check();
  await form.getByRole("button", { name: "アカウント認証開始" }).click();
  await expect(page.getByText("連携中", { exact: true })).toBeVisible();
  await expect(page.getByText("前回の取り込み", { exact: true }), "all who applied are in").toBeVisible({
    timeout: 60_000,
  });

  await menu(page, "ホーム").click();
  await page.getByRole("link", { name: "求人を登録する" }).first().click();
  await page.getByRole("button", { name: "求人を登録" }).first().click();
  await page.getByRole("dialog").getByLabel("求人名").fill("開発（中途）");
  await page.getByRole("dialog").getByRole("button", { name: "登録する" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "開発（中途）" })).toBeVisible();

  await menu(page, "ホーム").click();
  await page.getByRole("link", { name: "振り分けルールを登録する" }).click();
  const dialog = page.getByRole("dialog", { name: "振り分けルールの登録" });
  await expect(dialog.getByRole("combobox", { name: "募集ポジション名" })).not.toHaveValue("");
  await dialog.getByRole("combobox", { name: "振り分け先求人" }).click();
  await page.getByRole("option", { name: "開発（中途）", exact: true }).click();
  await expect(dialog.getByText(/滞留中の\d+人を振り分けます/)).toBeVisible();
  await dialog.getByRole("button", { name: "振り分けルールを登録" }).click();
  await expect(page.getByText(/人を「開発（中途）」へ振り分けました。/)).toBeVisible();

  await menu(page, "ホーム").click();
  await page.getByRole("link", { name: "選考管理を開く" }).click();
  await moveSomebody(page);
  await menu(page, "ホーム").click();
  await expect(page.getByRole("region", { name: "はじめに" })).toHaveCount(0);
});

test("whoever starts the demo is let in by one click, finds an account linked, and goes on from there", async ({
  browser,
  demo,
}) => {
  const page = await browser.newPage({ baseURL: demo });
  await page.goto("/");
  await page.getByRole("button", { name: "サンプル会社で試す" }).click();
  await expect(page.getByText("連携中", { exact: true })).toBeVisible();
  await menu(page, "応募情報インポート").click();
  const rule = /」のルールを登録$/;
  await page
    .getByRole("link", { name: rule })
    .or(page.getByRole("button", { name: rule }))
    .first()
    .click();
  const dialog = page.getByRole("dialog", { name: "振り分けルールの登録" });
  await dialog.getByRole("combobox", { name: "振り分け先求人" }).click();
  await page.getByRole("option", { name: "フロントエンド開発（中途）", exact: true }).click();
  await dialog.getByRole("button", { name: "振り分けルールを登録" }).click();
  await expect(page.getByText(/振り分けました/).first()).toBeVisible();
  await menu(page, "ホーム").click();
  await page
    .getByRole("region", { name: "選考中の求人" })
    .getByRole("link", { name: "フロントエンド開発（中途）" })
    .click();
  await moveSomebody(page);
});
