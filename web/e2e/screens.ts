import type { Browser, BrowserContext, Page } from "@playwright/test";
import type { Sample } from "./sample";
import { type Company, enter, expect } from "./stage";

/** A page of the console, and where it is. */
export interface Screen {
  name: string;
  path: string | ((sample: Sample) => string);
  /** Whose: the company in the middle of its work, unless it is the one whose link has failed, or nobody's. */
  of?: "troubled" | "nobody";
}

/** Every page that there is. */
export const screens: Screen[] = [
  { name: "sign-in", path: "/sign-in", of: "nobody" },
  { name: "home", path: "/" },
  { name: "link", path: "/links/wantedly" },
  { name: "link-failed", path: "/links/wantedly", of: "troubled" },
  { name: "imports", path: "/imports" },
  { name: "import-run", path: ({ runId }) => `/imports/${runId}` },
  { name: "unreadable", path: "/imports/unreadable" },
  { name: "files", path: "/files" },
  { name: "file", path: ({ fileId }) => `/files/${fileId}` },
  { name: "inbox", path: "/inbox" },
  { name: "routing-actions", path: "/inbox/actions" },
  { name: "rules", path: "/rules" },
  { name: "openings", path: "/openings" },
  { name: "opening", path: ({ openingId }) => `/openings/${openingId}` },
  { name: "candidates", path: "/candidates" },
  { name: "duplicates", path: "/candidates/duplicates" },
  { name: "candidate", path: ({ candidateId }) => `/candidates/${candidateId}` },
  { name: "incidents", path: "/incidents", of: "troubled" },
  { name: "account", path: "/settings" },
  { name: "members", path: "/settings/members" },
  { name: "tokens", path: "/settings/tokens" },
  { name: "notifications", path: "/settings/notifications" },
  { name: "audit", path: "/settings/audit" },
  { name: "privacy", path: "/settings/privacy" },
];

const sessions = new WeakMap<Company, Awaited<ReturnType<BrowserContext["cookies"]>>>();

/** Lets a company's administrator in; once, so that the audit log tells of more than of looking at it. */
async function enterOnce(context: BrowserContext, company: Company): Promise<void> {
  const before = sessions.get(company);
  if (before) return context.addCookies(before);
  await enter(context, company.url, company.admin);
  sessions.set(company, await context.cookies());
}

/** A browser in which a screen can be looked at; it is not there yet. */
export async function lookFor(
  browser: Browser,
  sample: Sample,
  { of }: Screen,
  language: "ja" | "en",
  viewport: { width: number; height: number },
): Promise<Page> {
  const company = of === "troubled" ? sample.troubled : sample.company;
  const context = await browser.newContext({ baseURL: company.url, viewport, reducedMotion: "reduce" });
  await context.addInitScript((chosen) => localStorage.setItem("renkei.language", chosen), language);
  if (of !== "nobody") await enterOnce(context, company);
  return context.newPage();
}

/** Goes to a screen, and waits until all of it is there. */
export async function goTo(page: Page, sample: Sample, { path }: Screen): Promise<void> {
  await page.goto(typeof path === "string" ? path : path(sample));
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await settled(page);
}

/** Waits until nothing stands in for what is still read. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await expect(page.getByRole("status", { name: /^(読み込み中|Loading)$/ })).toHaveCount(0);
  await expect(page.locator("[data-loading=true], .mantine-Skeleton-root[data-visible]")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
}
