import { describe, expect, test } from "vitest";

interface Texts {
  [key: string]: string | Texts;
}

const written = import.meta.glob<{ ja?: Texts; en?: Texts }>(
  ["./common.{ja,en}.ts", "../features/*/{ja,en}.ts", "../{parts,shell}/*.{ja,en}.ts"],
  { eager: true },
);
const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.*", "!../**/__generated__/**"], {
  eager: true,
  query: "?raw",
  import: "default",
});

/** What a page's texts are called: sign-in.ja.ts are those of signIn. */
function pageOf(path: string): string {
  const name = path.match(/features\/(\w+)\//)?.[1] ?? path.match(/([\w-]+)\.(?:ja|en)\.ts$/)?.[1] ?? path;
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The texts of a page in a language, each under its whole key. */
function textsOf(page: string, language: "ja" | "en"): Map<string, string> {
  const path = Object.keys(written).find((each) => pageOf(each) === page && each.endsWith(`${language}.ts`)) ?? "";
  const found = new Map<string, string>();
  const walk = (texts: Texts, before: string) => {
    for (const [key, value] of Object.entries(texts)) {
      if (typeof value === "string") found.set(before + key, value);
      else walk(value, `${before}${key}.`);
    }
  };
  walk(written[path]?.[language] ?? {}, "");
  return found;
}

/** The sources that may ask for a page's texts. */
function readersOf(page: string): string {
  return Object.entries(sources)
    .filter(([path]) => !Object.hasOwn(written, path))
    .filter(
      ([path, text]) =>
        page === "common" ||
        path.startsWith(`../features/${page}/`) ||
        text.includes(`useTranslation("${page}")`) ||
        text.includes(`ns: "${page}"`) ||
        text.includes(`${page}:`),
    )
    .map(([, text]) => text)
    .join("\n");
}

/** What asks for a key: a string that is one, or a template that may become one. */
function askedFor(source: string): (key: string) => boolean {
  const strings = new Set([...source.matchAll(/"((?:\w+:)?[\w.]+)"/g)].map(([, key]) => key?.split(":").at(-1)));
  const templates = [...source.matchAll(/`([^`\n]*\$\{[^`\n]*)`/g)]
    .map(([, template]) => (template ?? "").replace(/^\w+:/, "").split(/\$\{[^}]*\}/))
    .filter((parts) => parts.some((part) => part.includes(".")) && parts.every((part) => /^[\w.]*$/.test(part)))
    .map((parts) => new RegExp(`^${parts.map((part) => part.replaceAll(".", "\\.")).join("\\w+")}$`));
  return (key) => strings.has(key) || templates.some((template) => template.test(key));
}

const singular = (key: string) => key.replace(/_(one|other)$/, "");
const pages = [...new Set(Object.keys(written).map(pageOf))];

describe.each(pages)("the texts of %s", (page) => {
  const [ja, en] = [textsOf(page, "ja"), textsOf(page, "en")];

  test("say the same things in Japanese and in English", () => {
    expect(ja.size).toBeGreaterThan(0);
    expect(new Set([...en.keys()].map(singular))).toEqual(new Set([...ja.keys()].map(singular)));
  });

  test("have a singular for each plural in English", () => {
    const plurals = [...ja.keys()].filter((key) => key.endsWith("_other"));
    expect(plurals.filter((key) => !en.has(key) || !en.has(`${singular(key)}_one`))).toEqual([]);
  });

  test("are never empty, and name the same values in both languages", () => {
    const values = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name).sort();
    const odd = [...ja].filter(([key, text]) => {
      const other = en.get(key) ?? "";
      return text.trim() === "" || other.trim() === "" || `${values(text)}` !== `${values(other)}`;
    });
    expect(odd.map(([key]) => key)).toEqual([]);
  });

  test("are all shown somewhere", () => {
    const asked = askedFor(readersOf(page));
    expect([...ja.keys()].filter((key) => !asked(key) && !asked(singular(key)))).toEqual([]);
  });
});
