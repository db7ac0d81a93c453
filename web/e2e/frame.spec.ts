import { expectAccessible } from "./accessible";
import { expect, test } from "./stage";

test("somebody signs in, sees whose console it is, and signs out", async ({ company, browser }) => {
  const page = await (await browser.newContext({ baseURL: company.url })).newPage();
  await page.goto("/");
  await page.getByLabel("メールアドレス").fill(company.admin.email);
  await page.getByLabel(/^パスワード/).fill("wrong-password");
  await page.getByRole("button", { name: "サインイン", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("メールアドレスまたはパスワードが正しくありません");
  await page.getByLabel(/^パスワード/).fill(company.admin.password);
  await page.getByRole("button", { name: "サインイン", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "ホーム" })).toBeVisible();
  await page.getByRole("button", { name: company.admin.name }).click();
  await expect(page.getByText(company.name)).toBeVisible();
  await page.getByRole("button", { name: "サインアウト" }).click();
  await expect(page.getByRole("heading", { name: "サインイン" })).toBeVisible();
  await page.goto("/inbox");
  await expect(page.getByRole("heading", { name: "サインイン" })).toBeVisible();
});

test("every page of the menu can be gone to, and straight to", async ({ signedIn: page }) => {
  const menu = page.getByRole("navigation", { name: "メニュー" });
  await expect(menu.getByRole("link")).toHaveCount(10);
  for (const link of await menu.getByRole("link").all()) {
    await link.click();
    await expect(link).toHaveAttribute("aria-current", "page");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
});

test("going to a page moves the focus to its heading, and says in the window's title where one is", async ({
  signedIn: page,
}) => {
  await expect(page.getByRole("heading", { level: 1, name: "ホーム" })).toBeVisible();
  await expect(page.locator("body"), "what has only just been opened is read from its beginning").toBeFocused();
  await page.getByRole("navigation", { name: "メニュー" }).getByRole("link", { name: "お知らせ" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "お知らせ" })).toBeFocused();
  await expect(page).toHaveTitle(/^お知らせ/);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "ホーム" })).toBeFocused();
});

test("the first page and the sign-in are accessible", async ({ signedIn: page }) => {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expectAccessible(page);
  await page.goto("/sign-in");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expectAccessible(page);
});
