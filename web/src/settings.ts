/** What the server tells the console beside the API: handler.go writes it into the page. */
export interface Settings {
  /** Where お問い合わせ leads: an address of http, https or mailto; null where none is set. */
  support: string | null;
  /** The sample company's sign-in; only in `renkei demo`. */
  demo: { email: string; password: string } | null;
  version: string;
}

function read(): Settings {
  const none: Settings = { support: null, demo: null, version: "" };
  const written = document.querySelector('meta[name="renkei-settings"]')?.getAttribute("content");
  // The development server leaves the place empty.
  if (!written?.startsWith("{")) return none;
  return { ...none, ...(JSON.parse(written) as Partial<Settings>) };
}

export const settings: Settings = read();
