import { expectAccessible } from "./accessible";
import { Company, expect, test } from "./stage";

test("home leads a first-time visitor on, ticks off what is done, and then tells how things stand", async ({
  company,
  signedIn: page,
}) => {
  const steps = page.getByRole("region", { name: "はじめに" });
  await expect(steps.getByText("0 / 3 完了")).toBeVisible();
  await expectAccessible(page);
  await steps.getByRole("link", { name: "アカウントを登録する" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Wantedly連携" })).toBeVisible();
  await page.goBack();
  await company.link();
  await expect(steps.getByText("1 / 3 完了"), "without reloading").toBeVisible();
  await expect(steps.getByRole("link", { name: "求人を登録する" })).toBeVisible();
  const opening = await company.opening("カスタマーサクセス");
  await expect(steps.getByRole("link", { name: "振り分けルールを登録する" })).toBeVisible();
  await expectAccessible(page);

  const waiting = page.getByRole("region", { name: "滞留中の応募者" });
  const rule = waiting.getByRole("link", { name: /の振り分けルールを登録$/ }).first();
  const name = (await rule.getAttribute("aria-label"))?.replace(/^「|」の振り分けルールを登録$/g, "") ?? "";
  expect(await company.rule(name, opening), "somebody waits for it").toBeGreaterThan(0);
  await expect(steps.getByText("2 / 3 完了")).toBeVisible();
  await expect(waiting.getByText(name, { exact: true }), "nobody waits for it any more").toHaveCount(0);

  const begin = steps.getByRole("link", { name: "選考管理を開く" });
  await expect(begin, "to where most people are").toHaveAttribute("href", new RegExp(opening));
  await begin.click();
  await expect(page).toHaveURL(new RegExp(`/openings/${opening}`));
  await company.ask(
    `mutation($id: ID!, $step: ID!) { moveApplication(id: $id, stepId: $step) { errors { message } } }`,
    await firstMove(company, opening),
  );
  await company.opening("まだ誰もいない求人");
  await page.getByRole("navigation").getByRole("link", { name: "ホーム" }).click();
  await expect(page.getByRole("region", { name: "Wantedly連携" }).getByText("連携中", { exact: true })).toBeVisible();
  await expect(steps).toHaveCount(0);
  const underWay = page.getByRole("region", { name: "選考中の求人" });
  await expect(underWay).toContainText("カスタマーサクセス");
  await expect(underWay).not.toContainText("まだ誰もいない求人");
  await expectAccessible(page);
});

/** An application to an opening, and the step behind the one where it stands. */
async function firstMove(company: Company, opening: string): Promise<{ id: string; step: string }> {
  const { node, applications } = await company.ask<{
    node: { steps: { id: string }[] };
    applications: { nodes: { id: string }[] };
  }>(
    "query($id: ID!) { node(id: $id) { ... on Opening { steps { id } } } applications(openingId: $id, first: 1) { nodes { id } } }",
    { id: opening },
  );
  return { id: applications.nodes[0]?.id ?? "", step: node.steps[1]?.id ?? "" };
}

test("an administrator alone is led to the link and to nothing else; a coordinator sees that somebody else links", async ({
  browser,
}) => {
  const company = await Company.found([
    { name: "管理 一郎", roles: "ADMIN" },
    { name: "進行 太郎", roles: "COORDINATOR" },
  ]);
  const administrator = await company.signIn(browser, "/", company.members[1]);
  await expect(administrator.getByRole("link", { name: "アカウントを登録する" })).toBeVisible();
  await expect(administrator.getByText("応募を求人に振り分ける")).toHaveCount(0);
  const coordinator = await company.signIn(browser, "/", company.members[2]);
  await expect(coordinator.getByText("連携は管理者が行います。")).toBeVisible();
  await expect(coordinator.getByRole("link", { name: "アカウントを登録する" })).toHaveCount(0);
  await company.link();
  await expect(administrator.getByRole("region", { name: "Wantedly連携" })).toBeVisible();
  await expect(administrator.getByRole("region", { name: "滞留中の応募者" })).toHaveCount(0);
  await expect(coordinator.getByRole("region", { name: "滞留中の応募者" })).toBeVisible();
});
