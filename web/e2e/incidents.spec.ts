import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { Company, expect, test } from "./stage";

/** Registers the company's account on Wantedly, with a password that is right or is not. */
async function register(company: Company, password: string): Promise<void> {
  await company.ask(
    "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { account { id } errors { message } } }",
    { input: { email: `ok@${company.domain}`, password } },
  );
}

/** Stops the link. */
async function stop(company: Company): Promise<void> {
  const { accounts } = await company.ask<{ accounts: { id: string }[] }>("{ accounts { id } }");
  await company.ask("mutation($id: ID!) { stopAccount(id: $id) { errors { message } } }", { id: accounts[0]?.id });
}

const banner = (page: Page) => page.getByRole("status").filter({ hasText: "Wantedlyとの連携が止まりました" });

test("a link that fails is told of above every page, and no longer once it is mended", async ({
  company,
  signedIn: page,
}) => {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(banner(page)).toBeHidden();
  await register(company, "wrong");
  await expect(banner(page)).toBeVisible();
  await page.getByRole("link", { name: "詳しく見る" }).click();
  const incident = page.getByRole("article", { name: "Wantedlyとの連携が止まりました" });
  await expect(incident).toContainText(`ok@${company.domain}`);
  await expect(incident).toContainText("貴社の管理者が対応できます。");
  await expectAccessible(page);
  await incident.getByRole("link", { name: "連携設定を開く" }).click();
  await expect(page).toHaveURL(/\/links\/wantedly$/);

  await register(company, "password");
  await expect(banner(page)).toBeHidden();
  await page.getByRole("navigation").getByRole("link", { name: "お知らせ" }).click();
  await expect(page.getByText("いま止まっているものはありません")).toBeVisible();
  await page.getByText("解消済み", { exact: true }).first().click();
  await expect(page).toHaveURL(/open=.*false/);
  await expect(incident).toContainText("解消しました");
  await incident.getByRole("button", { name: /^詳細/ }).click();
  await expect(incident).toContainText("原因");
  await incident.getByRole("button", { name: "送信した通知" }).click();
  await expect(incident).toContainText(/まだ何も送信していません|発生のお知らせ/);
  await expectAccessible(page);
});

test("the banner stays folded until something else stands still", async ({ company, signedIn: page }) => {
  await register(company, "wrong");
  await expect(banner(page)).toBeVisible();
  await page.getByRole("button", { name: "たたむ" }).click();
  await expect(banner(page)).toBeHidden();
  await page.reload();
  await page.getByRole("button", { name: "未解決のお知らせ 1件を表示" }).click();
  await expect(banner(page)).toBeVisible();
  await page.getByRole("button", { name: "たたむ" }).click();
  await register(company, "password");
  await expect(page.getByRole("button", { name: /未解決のお知らせ/ })).toBeHidden();
  await stop(company);
  await register(company, "wrong");
  await expect(banner(page)).toBeVisible();
});

test("who has nothing to do with notifications is shown none", async ({ browser }) => {
  const company = await Company.found([{ name: "調整 次郎", roles: "COORDINATOR" }]);
  await register(company, "wrong");
  const page = await company.signIn(browser, "/incidents", company.members[1]);
  await expect(page.getByRole("article")).toBeVisible();
  await expect(page.getByRole("button", { name: "送信した通知" })).toBeHidden();
});

interface Message {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A program that is told: it answers as it is said, and keeps what it was sent. Held, it answers once it is let go. */
async function receiver(): Promise<{
  url: string;
  messages: Message[];
  answer: (status: number) => void;
  hold: () => () => void;
  close: () => void;
}> {
  const messages: Message[] = [];
  let status = 204;
  let held = Promise.resolve();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      messages.push({ headers: request.headers, body });
      void held.then(() => response.writeHead(status).end());
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    messages,
    answer: (next) => {
      status = next;
    },
    hold: () => {
      let letGo = () => {};
      held = new Promise((resolve) => {
        letGo = resolve;
      });
      return letGo;
    },
    close: () => void server.close(),
  };
}

/** Adds a webhook as a person does; its secret. */
async function addWebhook(page: Page, name: string, url: string): Promise<string> {
  await page.getByRole("button", { name: "通知先を追加" }).first().click();
  const dialog = page.getByRole("dialog", { name: "通知先を追加" });
  await dialog.getByText("Webhook", { exact: true }).click();
  await dialog.getByLabel("名前").fill(name);
  await dialog.getByLabel("URL").fill(url);
  await dialog.getByRole("button", { name: "通知先を追加" }).click();
  const shown = page.getByRole("dialog", { name: /署名シークレット/ });
  const secret = await shown.getByRole("textbox", { name: "署名シークレット" }).inputValue();
  await shown.getByRole("button", { name: "保存しました" }).click();
  return secret;
}

test("a webhook is told, and its signature holds by the secret that was shown once", async ({
  company,
  signedIn: page,
}) => {
  const program = await receiver();
  await page.goto("/settings/notifications");
  const secret = await addWebhook(page, "採用ボット", program.url);
  await page.getByRole("button", { name: "テスト送信" }).click();
  const log = page.getByRole("list", { name: "送信履歴" });
  await expect(log.getByRole("listitem").filter({ hasText: "送信済み" })).toBeVisible();
  const [message] = program.messages;
  const id = message?.headers["webhook-id"];
  const signed = createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64"))
    .update(`${id}.${message?.headers["webhook-timestamp"]}.${message?.body}`)
    .digest("base64");
  expect(message?.headers["webhook-signature"]).toBe(`v1,${signed}`);

  await register(company, "wrong");
  await expect.poll(() => program.messages.map(({ body }) => JSON.parse(body).type)).toContain("incident.opened");
  await page.reload();
  await page.getByRole("button", { name: "送信履歴" }).click();
  await expect(log).toContainText("発生のお知らせ");
  await expectAccessible(page);
  program.close();
});

test("a receiver that refuses is told of in words, and what it missed is sent again", async ({ signedIn: page }) => {
  const program = await receiver();
  program.answer(410);
  await page.goto("/settings/notifications");
  await addWebhook(page, "採用ボット", program.url);
  await page.getByRole("button", { name: "テスト送信" }).click();
  const log = page.getByRole("list", { name: "送信履歴" });
  const failed = log.getByRole("listitem").filter({ hasText: "送信できませんでした" });
  await expect(failed).toContainText("応答コード 410");
  program.answer(204);
  const endpoint = page.getByRole("article", { name: "採用ボット" });
  await expect(endpoint.getByText("無効", { exact: true })).toBeVisible();
  await endpoint.getByRole("button", { name: "有効にする" }).click();
  await failed.getByRole("button", { name: "「テスト通知」を再送" }).click();
  await expect(log.getByRole("listitem").filter({ hasText: "送信済み" })).toBeVisible();
  const [first, second] = program.messages;
  expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
  program.close();
});

test("one that is down for a moment is tried again, and the page follows", async ({ signedIn: page }) => {
  const program = await receiver();
  program.answer(503);
  await page.goto("/settings/notifications");
  await addWebhook(page, "採用ボット", program.url);
  await page.getByRole("button", { name: "テスト送信" }).click();
  const log = page.getByRole("list", { name: "送信履歴" });
  await expect.poll(() => program.messages.length).toBe(1);
  // The next try stands still until somebody has seen that it waits.
  const letGo = program.hold();
  program.answer(204);
  await expect(log.getByText("再試行待ち")).toBeVisible();
  letGo();
  await expect(log.getByText("送信済み")).toBeVisible();
  await expect(log).toContainText("2回試行");
  program.close();
});

test("a destination says what is missing, gets another secret, and is deleted", async ({ signedIn: page }) => {
  await page.goto("/settings/notifications");
  await page.getByRole("button", { name: "通知先を追加" }).first().click();
  const adding = page.getByRole("dialog", { name: "通知先を追加" });
  await adding.getByRole("button", { name: "通知先を追加" }).click();
  await expect(adding.getByLabel("名前")).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  const first = await addWebhook(page, "採用ボット", "http://127.0.0.1:9/hook");
  const endpoint = page.getByRole("article", { name: "採用ボット" });
  await endpoint.getByRole("button", { name: "署名シークレットを再発行" }).click();
  await page.getByRole("button", { name: "再発行する" }).click();
  const shown = page.getByRole("dialog", { name: /^署名シークレット ·/ });
  await expect(shown.getByRole("textbox", { name: "署名シークレット" })).not.toHaveValue(first);
  await expectAccessible(page);
  await shown.getByRole("button", { name: "保存しました" }).click();
  await endpoint.getByRole("button", { name: "削除" }).click();
  await page.getByRole("button", { name: "削除する" }).click();
  await expect(page.getByText("通知先はまだありません")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
});

test("who is overtaken by somebody else's change sees it, and decides", async ({ company, signedIn: page }) => {
  await page.goto("/settings/notifications");
  await addWebhook(page, "採用ボット", "http://127.0.0.1:9/hook");
  await page.getByRole("button", { name: "編集" }).click();
  const { notificationEndpoints } = await company.ask<{ notificationEndpoints: { id: string }[] }>(
    "{ notificationEndpoints { id } }",
  );
  await company.ask(
    'mutation($id: ID!) { updateNotificationEndpoint(id: $id, input: {name: "総務ボット", kinds: [WAITING]}) { errors { message } } }',
    { id: notificationEndpoints[0]?.id },
  );
  const editing = page.getByRole("dialog", { name: /編集/ });
  await editing.getByLabel("名前").fill("人事ボット");
  await editing.getByRole("button", { name: "保存" }).click();
  await expect(editing.getByRole("alert")).toContainText("総務ボット");
  await expectAccessible(page);
  await editing.getByRole("button", { name: "入力した内容で上書き" }).click();
  await expect(page.getByRole("article", { name: "人事ボット" })).toBeVisible();
});
