import { describe, expect, it } from "vitest";
import { wantedPlace } from "./session";

const origin = "https://renkei.example";
const goingTo = (next: string) =>
  wantedPlace({ pathname: "/sign-in", search: `?next=${encodeURIComponent(next)}`, origin });

describe("where one comes to after signing in", () => {
  it.each([
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "javascript:alert(1)",
    "/\t/elsewhere.example",
    "/.//elsewhere.example",
    "https://renkei.example:444/",
    "http://",
  ])("is never another site, such as %j", (next) => {
    expect(goingTo(next)).toBe("/");
  });

  it("is not the sign-in again", () => {
    expect(goingTo("/sign-in?next=/sign-in")).toBe("/");
  });

  it("is the page that was wanted, with what stands behind its ?", () => {
    expect(goingTo("/inbox?state=WAITING")).toBe("/inbox?state=WAITING");
    expect(wantedPlace({ pathname: "/candidates", search: "?search=x", origin })).toBe("/candidates?search=x");
  });

  it("is the first page where none was", () => {
    expect(wantedPlace({ pathname: "/sign-in", search: "", origin })).toBe("/");
  });
});
