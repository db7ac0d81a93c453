import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { chromium } from "./browser";
import { Company, expect, openDoor, test } from "./stage";

const path = "/links/wantedly";

/** The part of the page that is about an account. */
function card(page: Page, email: string): Locator {
  return page.getByRole("region", { name: email });
}

/** Enters a login where the form stands, and starts its verification. */
async function register(within: Page | Locator, email: string, password = "password"): Promise<void> {
  await within.getByLabel("Wantedlyのメールアドレス").fill(email);
  await within.getByRole("textbox", { name: "Wantedlyのパスワード" }).fill(password);
  await within.getByRole("button", { name: "アカウント認証開始" }).click();
}

/** A length of time, on a clock. */
const clock = /^\d+:\d\d(:\d\d)?$/;

/** Resolves when a text comes up, however soon it goes again. */
function hear(page: Page, text: string): Promise<void> {
  return page.evaluate(
    (awaited) =>
      new Promise<void>((resolve) => {
        new MutationObserver((_, observer) => {
          if (!document.body.innerText.includes(awaited)) return;
          observer.disconnect();
          resolve();
        }).observe(document.body, { childList: true, characterData: true, subtree: true });
      }),
    text,
  );
}

for (const { who, password, says, todo } of [
  {
    who: "ok",
    password: "machigai",
    says: "メールアドレスまたはパスワードが正しくありません",
    todo: "同じメールアドレスとパスワードでログインでき、候補者情報が表示されることを確かめて",
  },
  { who: "noperm", says: "候補者情報を閲覧する権限がありません", todo: "権限のある別のアカウントを登録" },
  { who: "twofactor", says: "追加の確認（認証コードなど）を求めています", todo: "追加の確認を済ませ" },
  { who: "captcha", says: "追加の確認（認証コードなど）を求めています", todo: "追加の確認を済ませ" },
  { who: "locked", says: "アカウントがロックされています", todo: "ロックを解除してから登録" },
]) {
  test(`a sign-in that fails as ${who}${password ? " with a wrong password" : ""} says why, what to do, and lets one try again`, async ({
    company,
    signedIn: page,
  }) => {
    const email = `${who}@${company.domain}`;
    await page.goto(path);
    await register(page, email, password);
    const failed = card(page, email);
    await expect(failed.getByText("アカウント認証失敗", { exact: true })).toBeVisible();
    await expect(failed.getByRole("alert").first()).toContainText(says);
    await expect(failed.getByRole("alert").first()).toContainText(todo);
    await expect(failed.getByLabel("Wantedlyのメールアドレス"), "it is filled in").toHaveValue(email);
    await expect(failed.getByRole("textbox", { name: "Wantedlyのパスワード" })).toHaveValue("");
    if (!password) return;
    await expectAccessible(page);
    for (const [width, height] of [
      [390, 844],
      [1280, 800],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.reload();
      const field = failed.getByRole("textbox", { name: "Wantedlyのパスワード" });
      await expect(field, `at once, ${width} wide`).toBeInViewport({ ratio: 1 });
      expect(await page.evaluate(() => window.scrollY), "nothing scrolled there").toBe(0);
    }
    await register(failed, email);
    await expect(failed.getByText("連携中", { exact: true }), "under the same account").toBeVisible();
    expect((await company.ask<{ accounts: object[] }>("{ accounts { id } }")).accounts).toHaveLength(1);
  });
}

test("where nobody here can mend a sign-in, there is whom to ask and what to tell them", async ({
  company,
  signedIn: page,
}) => {
  const email = `garbage@${company.domain}`;
  const letGo = await company.hold(email, "list");
  await page.goto(path);
  await register(page, email);
  const failed = card(page, email);
  await expect(failed.getByText("アカウント認証中", { exact: true })).toBeVisible();
  await expect(failed.getByRole("timer", { name: "認証開始からの経過時間" })).toHaveText(clock);
  await letGo();
  await expect(failed.getByText("エラーにより認証失敗", { exact: true })).toBeVisible({ timeout: 45_000 });
  await expect(page.getByRole("link", { name: "お問い合わせ" }).first()).toHaveAttribute(
    "href",
    "mailto:support@renkei.example",
  );
  const { accounts } = await company.ask<{ accounts: { id: string }[] }>("{ accounts { id } }");
  await expect(failed.getByText(accounts[0]?.id ?? "none", { exact: true })).toBeVisible();
  await expect(failed.getByRole("link", { name: "お問い合わせ" }), "the letter names what it is about").toHaveAttribute(
    "href",
    new RegExp(`^mailto:support@renkei.example\\?subject=.*${accounts[0]?.id}$`),
  );
  await expectAccessible(page);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await failed.getByRole("button", { name: "お問い合わせ番号をコピー" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(accounts[0]?.id);
  await failed.getByRole("button", { name: "もう一度登録する" }).click();
  await expect(failed.getByLabel("Wantedlyのメールアドレス")).toHaveValue(email);
});

test("while Wantedly is down, the verification goes on, counts, and can be stopped", async ({
  company,
  signedIn: page,
}) => {
  const email = `down@${company.domain}`;
  await page.goto(path);
  await register(page, email);
  const trying = card(page, email);
  const elapsed = trying.getByRole("timer", { name: "認証開始からの経過時間" });
  await expect(elapsed).toHaveText(clock);
  const before = await elapsed.innerText();
  await expect(elapsed, "it counts").not.toHaveText(before);
  await expect(elapsed).toHaveText(clock);
  await expect(trying.getByText(/最大で8時間前後かかります/)).toBeVisible();
  await expect(trying.getByRole("alert"), "it has not failed").toHaveCount(0);
  await trying.getByRole("button", { name: "停止する" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "停止", exact: true }).click();
  await expect(
    page.getByRole("region", { name: "アカウントの登録" }).getByText("未連携", { exact: true }),
  ).toBeVisible();
});

test("the manual, step by step: register, verified, linked, stopped, and another account", async ({
  company,
  signedIn: page,
}) => {
  const email = `ok@${company.domain}`;
  await page.getByRole("navigation").getByRole("link", { name: "Wantedly連携" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Wantedly連携" })).toBeVisible();
  const form = page.getByRole("region", { name: "アカウントの登録" });
  await expect(form.getByText("未連携", { exact: true })).toBeVisible();
  await expect(form.getByRole("alert")).toContainText("入力する前に必ず確認してください");
  await expect(page.getByRole("list", { name: "取り込まない" })).toContainText("メールアドレス");
  await expectAccessible(page);
  await form.getByRole("button", { name: "アカウント認証開始" }).click();
  await expect(form.getByText("入力してください。"), "nothing is sent without a login").toHaveCount(2);

  const letGo = await company.hold(email, "list");
  await form.getByRole("radio", { name: "30日前から" }).check();
  await register(form, email);
  const linked = card(page, email);
  await expect(linked.getByText("アカウント認証中", { exact: true })).toBeVisible();
  await letGo();
  await expect(linked.getByText("連携中", { exact: true })).toBeVisible();
  await expect(linked.getByText("前回の取り込み")).toBeVisible();
  await expect(linked.getByText(/新規 \d+件/)).toBeVisible();
  await expect(linked.getByRole("timer")).toHaveText(/^あと \d+:\d\d(:\d\d)?$/);
  await company.apply({ count: 2, position: "カスタマーサクセス" });
  await linked.getByRole("button", { name: "今すぐ取り込む" }).click();
  await expect(linked.getByText(/確認 \d+件 · 新規 2件/)).toBeVisible();
  await expect(linked.getByText("正常")).toBeVisible();

  await linked.getByRole("button", { name: "停止する" }).click();
  const dialog = page.getByRole("dialog", { name: "連携を停止しますか？" });
  await expect(dialog.getByRole("list", { name: "残るもの" })).toContainText("振り分けルール");
  await expect(dialog.getByRole("list", { name: "なくなるもの" })).toContainText("パスワード");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "キャンセル" }).click();
  await expect(linked.getByText("連携中", { exact: true })).toBeVisible();
  await linked.getByRole("button", { name: "停止する" }).click();
  await dialog.getByRole("button", { name: "停止", exact: true }).click();
  await expect(form.getByText("未連携", { exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: "停止したアカウント" })).toContainText(email);

  await register(form, `ok-2@${company.domain}`);
  await expect(card(page, `ok-2@${company.domain}`).getByText("連携中", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: `もう一度登録する: ${email}` }).click();
  const stopped = page.getByRole("region", { name: "停止したアカウント" });
  await expect(stopped.getByLabel("Wantedlyのメールアドレス")).toHaveValue(email);
});

test("trouble of a linked account is told where it is linked: a changed password, a changed Wantedly, and what a 担当 may not see", async ({
  company,
  signedIn: page,
}) => {
  await company.link("drift");
  await company.link("partial");
  await company.link("changed");
  await page.goto(path);
  const drifting = card(page, `drift@${company.domain}`);
  await drifting.getByRole("button", { name: "今すぐ取り込む" }).click();
  await expect(drifting.getByRole("alert")).toContainText("連携中ですが、取り込めていません");
  await expect(drifting.getByRole("alert")).toContainText("媒体の仕様が変わった可能性があります");
  await expect(drifting.getByText("連携中", { exact: true })).toBeVisible();
  await expect(drifting.getByText("遅れています")).toBeVisible();

  await expect(card(page, `partial@${company.domain}`).getByText(/開けない応募が\d+件あります/)).toBeVisible();

  const changed = card(page, `changed@${company.domain}`);
  await changed.getByRole("button", { name: "今すぐ取り込む" }).click();
  await expect(changed.getByText("アカウント認証失敗", { exact: true })).toBeVisible();
  await expect(changed.getByRole("alert").first()).toContainText("パスワードが正しくありません");
  await expectAccessible(page);
});

test("whoever does not manage links sees how they stand, and nothing to press", async ({ browser }) => {
  const company = await Company.found([{ name: "進行 太郎", roles: "COORDINATOR" }]);
  await company.link();
  const page = await company.signIn(browser, path, company.members[1]);
  const linked = card(page, `ok@${company.domain}`);
  await expect(linked.getByText("連携中", { exact: true })).toBeVisible();
  await expect(linked.getByText("連携の登録と停止は管理者が行います。")).toBeVisible();
  await expect(page.getByRole("button", { name: /停止する|今すぐ取り込む|登録する/ })).toHaveCount(0);
  await expectAccessible(page);
});

for (const how of ["cut", "silence"] as const) {
  test(`while the connection is ${how === "cut" ? "cut" : "silent"} a banner says so, and what changed meanwhile is there afterwards`, async ({
    company,
    playwright,
  }) => {
    const door = await openDoor();
    // The page's address stays what the program knows; only the way there leads through the door.
    const browser = await playwright.chromium.launch({
      ...chromium,
      args: [
        ...(chromium.args ?? []),
        `--host-resolver-rules=MAP ${new URL(company.url).host} ${new URL(door.url).host}`,
      ],
    });
    const id = await company.link();
    const page = await company.signIn(browser, path);
    const linked = card(page, `ok@${company.domain}`);
    await expect(linked.getByText("連携中", { exact: true })).toBeVisible();
    await expect(linked.getByText("前回の取り込み"), "the live connection stands").toBeVisible();
    await door.turn(how);
    await expect(page.getByText("サーバーとの接続が切れました")).toBeVisible({ timeout: 20_000 });
    await company.ask("mutation($id: ID!) { stopAccount(id: $id) { errors { message } } }", { id });
    await expect(linked.getByText("連携中", { exact: true }), "nobody has told the page").toBeVisible();
    // The thanks go by in seconds: they are waited for before there is anything to thank for.
    const told = hear(page, "接続が戻りました");
    await door.turn("mend");
    await told;
    await expect(page.getByRole("region", { name: "停止したアカウント" })).toContainText(`ok@${company.domain}`);
    await browser.close();
  });
}
