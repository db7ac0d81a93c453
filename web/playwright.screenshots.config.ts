import { defineConfig } from "@playwright/test";
import config from "./playwright.config";

/** Not a test: it takes the pictures in docs/screenshots, one after another, in one company. */
export default defineConfig({
  ...config,
  testMatch: "screenshots.ts",
  fullyParallel: false,
  workers: 1,
});
