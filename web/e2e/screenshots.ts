import { foundSample, type Sample } from "./sample";
import { goTo, lookFor, screens } from "./screens";
import { test as base } from "./stage";

const folder = "../docs/screenshots";
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

const test = base.extend<object, { sample: Sample }>({
  sample: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs off its first argument
    async ({}, use) => use(await foundSample("sample.example")),
    { scope: "worker", timeout: 120_000 },
  ],
});

for (const screen of screens) {
  for (const language of ["ja", "en"] as const) {
    test(`${screen.name} in ${language}`, async ({ browser, sample }) => {
      for (const [size, viewport] of Object.entries(sizes)) {
        const page = await lookFor(browser, sample, screen, language, viewport);
        await page.emulateMedia({ colorScheme: "light" });
        await goTo(page, sample, screen);
        await page.screenshot({
          path: `${folder}/${screen.name}-${size}-${language}.png`,
          animations: "disabled",
          caret: "hide",
          scale: "css",
        });
        await page.context().close();
      }
    });
  }
}
