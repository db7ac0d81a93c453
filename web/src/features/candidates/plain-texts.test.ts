import { describe, expect, test } from "vitest";
import { month, period } from "./period";
import { sameName } from "./same-name";
import { webAddress } from "./web-address";

test.each([
  "javascript:alert(1)",
  " java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "file:///etc/passwd",
  "//example.jp/path",
  "example.jp",
  "",
  null,
])("%j is no link", (url) => {
  expect(webAddress(url)).toBeNull();
});

test.each([
  ["https://example.jp/職務経歴", "https://example.jp/%E8%81%B7%E5%8B%99%E7%B5%8C%E6%AD%B4"],
  ["HTTP://example.jp", "http://example.jp/"],
])("%s is a link", (url, href) => {
  expect(webAddress(url)).toBe(href);
});

describe("dates as a medium writes them", () => {
  test("are shown to the month", () => {
    expect(month("2019-04-01", "ja")).toBe("2019年4月");
    expect(month("2019-04", "en")).toBe("Apr 2019");
  });
  test("are shown as they are written where they are no dates", () => {
    expect(month("2019年春", "ja")).toBe("2019年春");
    expect(month("2019-13-01", "ja")).toBe("2019-13-01");
    expect(month("<b>2019</b>", "ja")).toBe("<b>2019</b>");
  });
  test("make a period that may still go on", () => {
    expect(period("2019-04-01", "2022-03-31", "現在", "ja")).toBe("2019年4月 – 2022年3月");
    expect(period("2022-04-01", null, "現在", "ja")).toBe("2022年4月 – 現在");
    expect(period(null, "2022-03-31", "現在", "ja")).toBe("– 2022年3月");
    expect(period(null, null, "現在", "ja")).toBeNull();
  });
});

test("a name that is typed in another width or with another space is the same name; another's is not", () => {
  expect(sameName("見本 花子", "見本　花子")).toBe(true);
  expect(sameName(" Mihon Hanako", "Ｍｉｈｏｎ Hanako")).toBe(true);
  expect(sameName("見本 華子", "見本 花子")).toBe(false);
  expect(sameName("見本", "見本 花子")).toBe(false);
  expect(sameName("", " ")).toBe(false);
  expect(sameName("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>")).toBe(true);
});
