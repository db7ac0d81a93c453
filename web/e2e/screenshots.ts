import type { Page } from "@playwright/test";
import { foundSample, type Sample } from "./sample";
import { goTo, lookFor, screens } from "./screens";
import { test as base, expect } from "./stage";

const folder = "../docs/screenshots";
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

const test = base.extend<object, { sample: Sample }>({
  sample: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs off its first argument
    async ({}, use) => use(await foundSample("sample.example")),
    { scope: "worker", timeout: 120_000 },
  ],
});

// Those that one sees most are pictured in a dark room, too.
const dark = ["home", "link", "imports", "inbox", "rules", "opening", "candidate", "incidents", "members"];

/** Pictures all of a screen. */
async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({
    path: `${folder}/${name}.png`,
    fullPage: true,
    animations: "disabled",
    caret: "hide",
    scale: "css",
  });
}

for (const screen of screens) {
  for (const language of ["ja", "en"] as const) {
    test(`${screen.name} in ${language}`, async ({ browser, sample }) => {
      for (const [size, viewport] of Object.entries(sizes)) {
        const page = await lookFor(browser, sample, screen, language, viewport);
        await page.emulateMedia({ colorScheme: "light" });
        await goTo(page, sample, screen);
        await picture(page, `${screen.name}-${size}-${language}`);
        if (size === "desktop" && language === "ja" && dark.includes(screen.name)) {
          await page.emulateMedia({ colorScheme: "dark" });
          await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
          await picture(page, `${screen.name}-${size}-${language}-dark`);
        }
        await page.context().close();
      }
    });
  }
}
