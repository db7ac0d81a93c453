import { useLocalStorage } from "@mantine/hooks";
import { type RefObject, useEffect } from "react";

/** Whether single letters do something: whoever speaks to their computer has to be able to switch that off. */
export function useLetters(): [boolean, (on: boolean) => void] {
  const [on, set] = useLocalStorage({
    key: "renkei.inbox.letters",
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  return [on, set];
}

/** What a key means in the list. */
export type Meaning = "next" | "previous" | "select" | "open" | null;

export function meaningOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">,
  letters: boolean,
): Meaning {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.key === "ArrowDown") return "next";
  if (event.key === "ArrowUp") return "previous";
  if (!letters) return null;
  switch (event.key) {
    case "j":
      return "next";
    case "k":
      return "previous";
    case "x":
    case "X":
      return "select";
    case "o":
      return "open";
    default:
      return null;
  }
}

const writes = "input:not([type=checkbox]), textarea, select, [contenteditable], [role=combobox], [role=tab]";

/** Moves the focus from row to row by j, k and the arrows, chooses by x, opens by o; Enter opens by itself. */
export function useListKeys(
  list: RefObject<HTMLElement | null>,
  on: { toggle: (id: string, range: boolean) => void; open: (id: string) => void },
): void {
  const [letters] = useLetters();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      const meaning = meaningOf(event, letters);
      if (!meaning || !list.current || target?.closest(writes) || document.querySelector("[role=dialog]")) return;
      const rows = [...list.current.querySelectorAll<HTMLElement>("[data-entry]")];
      const here = rows.findIndex((row) => row.contains(document.activeElement));
      // Outside of the list, the arrows scroll the page.
      if (event.key.startsWith("Arrow") && here < 0) return;
      const id = rows[here]?.dataset.entry;
      if (meaning === "select" && id) on.toggle(id, event.shiftKey);
      else if (meaning === "open" && id) on.open(id);
      else if (meaning === "next" || meaning === "previous") {
        const row = rows[here < 0 ? 0 : here + (meaning === "next" ? 1 : -1)];
        row?.querySelector<HTMLElement>("[data-open]")?.focus();
        row?.scrollIntoView({ block: "nearest" });
      } else return;
      event.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [list, letters, on]);
}
