import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** The standards that every page keeps. */
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Makes sure that axe finds nothing to object to on a page as it stands, in a light and a dark room. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
    const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze();
    const found = violations.map(
      (v) => `${v.id}: ${v.nodes.map((node) => `${node.target.join(" ")} (${node.failureSummary})`).join("; ")}`,
    );
    expect(found, `${page.url()} in a ${colorScheme} room`).toEqual([]);
  }
}
