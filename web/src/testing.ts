import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";
import { addTexts, startTexts } from "./i18n";
import { en } from "./i18n/common.en";
import { ja } from "./i18n/common.ja";

await startTexts("ja");
addTexts("common", { ja, en });

afterEach(cleanup);

// jsdom lays nothing out, and Mantine asks.
window.matchMedia ??= (query) =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
    dispatchEvent: () => false,
  }) as MediaQueryList;
window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
if (!("fonts" in document)) Object.defineProperty(document, "fonts", { value: new EventTarget() });
Element.prototype.scrollIntoView ??= () => {};
