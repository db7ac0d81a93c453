const folded = (name: string) => name.normalize("NFKC").replace(/\s+/gu, " ").trim();

/** Whether somebody typed a name as it is shown, in whatever width and with whatever spaces. */
export function sameName(typed: string, name: string): boolean {
  return folded(typed) === folded(name) && folded(typed) !== "";
}
