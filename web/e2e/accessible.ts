import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** The standards that every page keeps. */
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Has what is fading or sliding come to its end: axe measures the contrast of the moment, and text that still has the
 * colour of the other room, or is half there, has none.
 */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const each of document.getAnimations()) {
      if (Number.isFinite(Number(each.effect?.getComputedTiming().endTime))) each.finish();
    }
  });
}

/** Makes sure that axe finds nothing to object to on a page as it stands, in a light and a dark room. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
    await settled(page);
    const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze();
    const found = violations.map(
      (v) => `${v.id}: ${v.nodes.map((node) => `${node.target.join(" ")} (${node.failureSummary})`).join("; ")}`,
    );
    expect(found, `${page.url()} in a ${colorScheme} room`).toEqual([]);
  }
}
