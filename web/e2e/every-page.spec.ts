import { expectAccessible } from "./accessible";
import { foundSample, type Sample } from "./sample";
import { goTo, lookFor, screens, settled } from "./screens";
import { test as base, complaintsOf, expect } from "./stage";

const test = base.extend<object, { sample: Sample }>({
  sample: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs off its first argument
    async ({}, use) => use(await foundSample()),
    { scope: "worker", timeout: 300_000 },
  ],
});

const desktop = { width: 1280, height: 800 };
const jumpAllowed = 0.05;
const firstViewAllowed = 200_000;

interface Jump {
  by: number;
  what: string;
}

declare global {
  interface Window {
    jumps: Jump[];
  }
}

/** Has a page write down what moves on it though nobody touched it. */
function countJumps(): void {
  window.jumps = [];
  interface Shift extends PerformanceEntry {
    value: number;
    hadRecentInput: boolean;
    sources: { node: Node | null }[];
  }
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[]) {
      if (hadRecentInput) continue;
      window.jumps.push({ by: value, what: sources.map(({ node }) => node?.textContent?.slice(0, 60)).join(" | ") });
    }
  }).observe({ type: "layout-shift", buffered: true });
}

// Each looks at a page three times over, and with all of its data.
test.describe.configure({ timeout: 120_000 });

for (const [i, screen] of screens.entries()) {
  // By turns: what axe objects to is seldom of one language or one size.
  const language = i % 2 === 0 ? "ja" : "en";
  const onPhone = i % 4 > 1;
  test(`${screen.name} is accessible, stays where it is, and fits a phone`, async ({ browser, sample }) => {
    const page = await lookFor(browser, sample, screen, language, desktop);
    await page.addInitScript(countJumps);
    const complaints = complaintsOf(page);
    await goTo(page, sample, screen);
    const jumps = await page.evaluate(() => window.jumps);
    expect(
      jumps.reduce((sum, { by }) => sum + by, 0),
      JSON.stringify(jumps),
    ).toBeLessThanOrEqual(jumpAllowed);
    if (!onPhone) await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 800 });
    await settled(page);
    if (onPhone) await expectAccessible(page);
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), {
        message: "pixels that one would have to scroll sideways",
      })
      .toBeLessThanOrEqual(0);
    expect(complaints, "what the browser complains of").toEqual([]);
  });
}

test("the first view brings less than 200 KB of script", async ({ browser, sample }) => {
  const [home] = screens.filter(({ path }) => path === "/");
  if (!home) throw new Error("there is no first view");
  const page = await lookFor(browser, sample, home, "ja", desktop);
  await goTo(page, sample, home);
  const scripts = await page.evaluate(() =>
    (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
      .filter(({ name }) => name.endsWith(".js"))
      .map(({ name, encodedBodySize }) => ({ name, encodedBodySize })),
  );
  const size = scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  expect(size, JSON.stringify(scripts)).toBeGreaterThan(0);
  expect(size, JSON.stringify(scripts)).toBeLessThan(firstViewAllowed);
});
