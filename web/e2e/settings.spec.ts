import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { Company, expect, holdAnswers, type Member, test } from "./stage";

const coordinator = { name: "田中 二郎", roles: "COORDINATOR" };
const secondAdmin = { name: "鈴木 三郎", roles: "ADMIN" };

function memberOf(company: Company, { name }: { name: string }): Member {
  const found = company.members.find((member) => member.name === name);
  if (!found) throw new Error(`nobody is called ${name}`);
  return found;
}

async function fillIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByRole("textbox", { name: "メールアドレス" }).fill(email);
  await page.getByLabel(/^パスワード/).fill(password);
  await page.getByRole("button", { name: "サインイン", exact: true }).click();
}

test("whoever tries too often is told when to come again", async ({ company, browser }) => {
  const page = await (await browser.newContext({ baseURL: company.url })).newPage();
  await page.goto("/sign-in");
  for (let i = 0; i < 5; i++) {
    const answered = page.waitForResponse("**/auth/sign-in");
    await fillIn(page, company.admin.email, `wrong-${i}`);
    expect((await answered).status()).toBe(401);
    await expect(page.getByRole("alert")).toContainText("正しくありません");
  }
  await fillIn(page, company.admin.email, company.admin.password);
  await expect(page.getByRole("alert")).toContainText("試行回数が多すぎます");
  await expect(page.getByRole("alert")).toContainText(/\d+:\d\d以降にもう一度お試しください/);
  await expectAccessible(page);
  await page.route("**/auth/sign-in", (route) => route.abort());
  await fillIn(page, company.admin.email, company.admin.password);
  await expect(page.getByRole("alert")).toContainText("サーバーに届きません");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a session that was ended elsewhere asks to sign in again, and what was typed meanwhile goes on", async ({
  company,
  browser,
}) => {
  const here = await company.signIn(browser, "/settings/members");
  await here.getByRole("button", { name: "メンバーを招待" }).click();
  const form = here.getByRole("dialog", { name: "メンバーを招待" });
  await form.getByLabel("氏名").fill("佐藤 四郎");
  await form.getByLabel("メールアドレス").fill(`sato@${company.domain}`);
  const elsewhere = await company.signIn(browser, "/settings");
  await elsewhere.getByRole("button", { name: "ほかの端末をすべて終了" }).click();
  await expect(elsewhere.getByText("1件のセッションを終了しました。")).toBeVisible();
  const again = here.getByRole("dialog", { name: "サインイン" });
  await expect(again.getByText(/セッションが終了しました。/)).toBeVisible();
  const behind = () =>
    here.evaluate(() => getComputedStyle(document.elementFromPoint(2, 2) as Element).backgroundColor);
  await expect
    .poll(behind, { message: "nothing of the page can be read on" })
    .toMatch(/^(rgb\(|color\(srgb [\d. ]+\))/);
  await expectAccessible(here);
  await again.getByLabel(/^パスワード/).fill("not-the-password");
  await again.getByRole("button", { name: "サインイン", exact: true }).click();
  await expect(again.getByRole("alert")).toContainText("正しくありません");
  await again.getByLabel(/^パスワード/).fill(company.admin.password);
  await again.getByRole("button", { name: "サインイン", exact: true }).click();
  await expect(again).toBeHidden();
  await expect(form.getByLabel("氏名")).toHaveValue("佐藤 四郎");
  await form.getByRole("button", { name: "招待リンクを作成" }).click();
  const shown = here.getByRole("dialog", { name: "佐藤 四郎さんの招待リンク" });
  await shown.getByRole("button", { name: "閉じる" }).last().click();
  await expect(here.getByRole("group", { name: "佐藤 四郎" })).toContainText("招待中");
  await expect(here.getByRole("button", { name: "メンバーを招待" }), "one is back where one was").toBeFocused();
});

test("another password needs the present one, and ends the other sessions", async ({ company, browser, signedIn }) => {
  const page = await company.signIn(browser, "/settings");
  const next = `atarashii-${company.domain}`;
  const change = async (current: string, again: string) => {
    await page.getByLabel("現在のパスワード").fill(current);
    await page.getByLabel(/^新しいパスワード(?!（)/).fill(next);
    await page.getByLabel("新しいパスワード（確認）").fill(again);
    await page.getByRole("button", { name: "パスワードを変更", exact: true }).click();
  };
  await change(company.admin.password, "something-else");
  await expect(page.getByText("2つのパスワードが一致しません。")).toBeVisible();
  await change("not-the-password", next);
  await expect(page.getByText("現在のパスワードが正しくありません。")).toBeVisible();
  await change(company.admin.password, next);
  await expect(page.getByText("パスワードを変更しました。")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "サインイン中の端末" })).toBeVisible();
  await signedIn.goto("/settings");
  await fillIn(signedIn, company.admin.email, next);
  await expect(signedIn.getByRole("heading", { level: 1, name: "アカウント" })).toBeVisible();
});

test("whoever is invited joins by the link, and comes in with the password they chose", async ({
  company,
  browser,
  signedIn: page,
}) => {
  await page.goto("/settings/members");
  await page.getByRole("button", { name: "メンバーを招待" }).click();
  const form = page.getByRole("dialog", { name: "メンバーを招待" });
  await form.getByLabel("氏名").fill("佐藤 四郎");
  await form.getByLabel("メールアドレス").fill(company.admin.email);
  await form.getByRole("button", { name: "招待リンクを作成" }).click();
  await expect(form.getByText("このメールアドレスのメンバーはすでにいます。")).toBeVisible();
  await expectAccessible(page);
  const email = `sato@${company.domain}`;
  await form.getByLabel("メールアドレス").fill(email);
  await form.getByRole("button", { name: "招待リンクを作成" }).click();
  const shown = page.getByRole("dialog", { name: "佐藤 四郎さんの招待リンク" });
  const link = await shown.getByLabel("リンク").inputValue();
  await expectAccessible(page);
  await shown.getByRole("button", { name: "閉じる" }).last().click();
  await expect(page.getByRole("group", { name: "佐藤 四郎" })).toContainText("招待中");

  const theirs = await (await browser.newContext({ baseURL: company.url })).newPage();
  await theirs.goto(link);
  const password = `watashi-no-${company.domain}`;
  await theirs.getByLabel("パスワード", { exact: true }).fill(password);
  await theirs.getByLabel("もう一度入力").fill(password);
  await theirs.getByRole("button", { name: "参加する" }).click();
  await theirs.getByRole("link", { name: "Renkei を開く" }).click();
  await theirs.getByRole("button", { name: "佐藤 四郎" }).click();
  await theirs.getByRole("button", { name: "サインアウト" }).click();
  await fillIn(theirs, email, password);
  await expect(theirs.getByRole("button", { name: "佐藤 四郎" })).toBeVisible();
});

test("whoever may do less from now on is told so, and sees less", async ({ browser }) => {
  const company = await Company.found([secondAdmin]);
  const other = memberOf(company, secondAdmin);
  const theirs = await company.signIn(browser, "/settings/members", other);
  await expect(theirs.getByRole("group", { name: company.admin.name })).toBeVisible();

  const page = await company.signIn(browser, "/settings/members");
  await page.getByRole("button", { name: `${other.name}さんを管理` }).click();
  const dialog = page.getByRole("dialog", { name: other.name });
  await dialog.getByLabel("採用コーディネーター").check();
  await dialog.getByLabel("管理者", { exact: true }).uncheck();
  await dialog.getByRole("button", { name: "役割を保存" }).click();
  await expect(page.getByText(`${other.name}さんの役割を変更しました。`)).toBeVisible();
  await dialog.getByRole("button", { name: "閉じる" }).click();

  await expect(theirs.getByRole("heading", { level: 1, name: "この画面は開けません" })).toBeVisible();
  await expect(theirs.getByRole("alert")).toContainText("この操作をする権限がありません。管理者にご相談ください。");
  await expect(theirs.getByRole("button", { name: "メンバーを招待" })).toHaveCount(0);
  await expectAccessible(theirs);
  await theirs.goto("/settings");
  const places = theirs.getByRole("navigation", { name: "設定" }).getByRole("link");
  await expect(places).toHaveText(["アカウント", "APIトークン"]);
});

test("what was there stays while something else is looked for", async ({ company, signedIn: page }) => {
  await page.goto("/settings/members");
  const members = page.getByRole("group", { name: "メンバー", exact: true });
  await expect(members).toContainText(company.admin.email);
  const letMembersGo = await holdAnswers(page, "SettingsMembers");
  await page.getByLabel("氏名・メールアドレスで検索").fill("だれでもない");
  await expect(members, "greyed").toHaveAttribute("aria-busy", "true");
  await expect(members).toContainText(company.admin.email);
  letMembersGo();
  await expect(members).toBeHidden();

  await page.goto("/settings/audit");
  const log = page.getByRole("group", { name: "監査ログ", exact: true });
  await expect(log).toContainText("サインインしました");
  const letLogGo = await holdAnswers(page, "SettingsAudit");
  await page.getByLabel("終了日").fill("2020-01-01");
  await expect(log, "greyed").toHaveAttribute("aria-busy", "true");
  await expect(log).toContainText("サインインしました");
  letLogGo();
  await expect(log).toBeHidden();
});

test("the last administrator stays one", async ({ company, signedIn: page }) => {
  await page.goto("/settings/members");
  await page.getByRole("button", { name: `${company.admin.name}さんを管理` }).click();
  const own = page.getByRole("dialog", { name: company.admin.name });
  await own.getByLabel("管理者", { exact: true }).uncheck();
  await own.getByRole("button", { name: "役割を保存" }).click();
  await expect(own.getByRole("alert")).toContainText("最後の管理者です");
  await expectAccessible(page);
  await own.getByRole("button", { name: "無効にする" }).hover();
  await expect(page.getByRole("tooltip")).toContainText("最後の管理者です");
});

test("a token opens the API until it is revoked", async ({ company, signedIn: page }) => {
  const asks = async (secret: string) => {
    const answer = await fetch(`${company.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${secret}` },
      body: JSON.stringify({ query: "{ viewer { member { name } } }" }),
    });
    return (await answer.text()).includes(company.admin.name);
  };
  await page.goto("/settings/tokens");
  await page.getByRole("button", { name: "トークンを作成" }).click();
  await page.getByRole("dialog").getByLabel("名前").fill("週次レポート");
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "トークンを作成" }).click();
  const shown = page.getByRole("dialog", { name: "トークンを作成しました" });
  const secret = await shown.getByLabel("トークン", { exact: true }).inputValue();
  expect(await asks(secret)).toBe(true);
  await expectAccessible(page);
  await shown.getByRole("button", { name: "閉じる" }).last().click();
  await page.getByRole("button", { name: "「週次レポート」を取り消す" }).click();
  await page
    .getByRole("dialog", { name: "「週次レポート」を取り消しますか" })
    .getByRole("button", { name: "取り消す" })
    .click();
  await expect(page.getByRole("group", { name: "週次レポート" })).toContainText("取り消し済み");
  await expect(page.getByRole("group", { name: "週次レポート" }), "the button has gone").toBeFocused();
  expect(await asks(secret)).toBe(false);

  await page.goto("/settings/audit");
  await page.getByRole("combobox", { name: "操作" }).click();
  await page.getByRole("option", { name: "APIトークンの取り消し" }).click();
  const line = page.getByRole("button", { name: "見本 花子さんがAPIトークンを取り消しました。" });
  await expect(line).toBeVisible();
  await expect(page.getByText("見本 花子さんがサインインしました。")).toHaveCount(0);
  await line.click();
  await expect(page.getByText("ハッシュ（SHA-256）")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "この対象だけを表示" }).click();
  await page.getByRole("combobox", { name: "操作" }).press("Escape");
  await expect(page).toHaveURL(/subject=/);
  await page.reload();
  await expect(line).toBeVisible();
  const file = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSVを出力" }).click();
  expect((await file).suggestedFilename()).toBe("audit.csv");
});

test("the retention says what it will do before it is changed", async ({ signedIn: page }) => {
  await page.goto("/settings/privacy");
  await page.getByRole("switch", { name: "期間を決めて自動で削除する" }).press("Space");
  await page.getByLabel("保存する月数").fill("24");
  await page.getByRole("button", { name: "保存期間を変更" }).click();
  const dialog = page.getByRole("dialog", { name: "保存期間を変更しますか" });
  await expect(dialog).toContainText("24か月を過ぎた応募者");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "保存期間を変更" }).click();
  await expect(page.getByText("今は、選考が終わって24か月で削除されます。")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("保存する月数")).toHaveValue("24");
});

test("a coordinator sees their own account, and nothing of the rest", async ({ browser }) => {
  const company = await Company.found([coordinator]);
  const page = await company.signIn(browser, "/settings", memberOf(company, coordinator));
  const places = page.getByRole("navigation", { name: "設定" }).getByRole("link");
  await expect(places).toHaveText(["アカウント", "APIトークン"]);
  await page.getByText(/^できること/).click();
  await expect(page.getByText("応募者の選考を進める")).toBeVisible();
  await expect(page.getByText("CSVを出力する")).toHaveCount(0);
  await expect(page.getByText("この端末", { exact: true })).toBeVisible();
  await expectAccessible(page);
  for (const path of ["/settings/members", "/settings/audit", "/settings/notifications"]) {
    await page.goto(path);
    await expect(page.getByRole("alert")).toContainText("この操作をする権限がありません。管理者にご相談ください。");
    await expect(page.getByRole("main").getByRole("button"), "there is nothing to press").toHaveCount(0);
    await expect(page.getByRole("main").getByRole("link")).toHaveText(["ホームへ"]);
  }
});
