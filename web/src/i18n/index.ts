import i18next from "i18next";
import { initReactI18next } from "react-i18next";

/** The languages of the console; the first counts where nobody chose. */
export const languages = ["ja", "en"] as const;
export type Language = (typeof languages)[number];

const remembered = "renkei.language";

/** English as Japanese has it: the same keys, and the singular of each plural besides. */
export type English<T> = { [K in keyof T]: T[K] extends string ? string : English<T[K]> } & {
  [K in keyof T as K extends `${infer Base}_other` ? `${Base}_one` : never]: string;
};

/** The language that was chosen on this browser. */
export function chosenLanguage(): Language {
  return localStorage.getItem(remembered) === "en" ? "en" : "ja";
}

/** Remembers a language, and begins anew in it: what the server says is in it, too. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(remembered, language);
  location.reload();
}

/** Brings the texts of a page, when the page comes. */
export function addTexts(page: string, texts: Record<Language, object>): void {
  for (const language of languages) i18next.addResourceBundle(language, page, texts[language], true, true);
}

export async function startTexts(language: Language): Promise<void> {
  document.documentElement.lang = language;
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: "common",
    resources: {},
    // React writes texts as texts.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}
