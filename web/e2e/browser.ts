import { existsSync } from "node:fs";
import type { LaunchOptions } from "@playwright/test";

// Debian's, or Google's; Playwright downloads none.
const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser of this machine. */
export const chromium: LaunchOptions = (() => {
  const executablePath = places.find((place) => place && existsSync(place));
  if (!executablePath)
    throw new Error("no Chromium found: install it (Debian: apt-get install chromium), or set CHROMIUM");
  // As root, which CI is, Chromium has no sandbox.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  // What the browser writes itself, as in a date's input, is in its own language.
  return { executablePath, args: [...sandbox, "--lang=ja"], env: { ...process.env, LANGUAGE: "ja" } };
})();
