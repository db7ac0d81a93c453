import { defineConfig } from "@playwright/test";
import { chromium } from "./e2e/browser";

const port = process.env.STAGE_PORT ?? "7480";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: Number(process.env.E2E_WORKERS ?? 2),
  // Patience for a machine that has other work; a test takes 10 seconds on a quiet one.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // Whoever is told of a change's fate is told of one that fails now and then as well, by the name of "flaky".
  retries: process.env.CI ? 1 : 0,
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: chromium,
    locale: "ja-JP",
    timezoneId: "Asia/Tokyo",
    // What slides or fades is measured and clicked where it is not any more.
    contextOptions: { reducedMotion: "reduce" },
    // CI keeps no files: what it prints is all there is, and a list of files would stand where the reason is looked for.
    trace: process.env.CI ? "off" : "retain-on-failure",
    screenshot: process.env.CI ? "off" : "only-on-failure",
  },
  // One program, one database and one Wantedly for all; each test has a company of its own.
  webServer: {
    command: `go run ./cmd/stage -listen 127.0.0.1:${port}`,
    cwd: "..",
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: !process.env.CI,
    timeout: 300_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 30_000 },
    stdout: "ignore",
    stderr: "pipe",
  },
});
