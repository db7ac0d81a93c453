import { useLocalStorage } from "@mantine/hooks";
import { type RefObject, useEffect, useRef } from "react";

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
export type Meaning = "next" | "previous" | "select" | "open" | "route" | "exclude" | null;

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
    case "r":
      return "route";
    case "e":
      return "exclude";
    default:
      return null;
  }
}

const writes = "input:not([type=checkbox]), textarea, select, [contenteditable], [role=combobox], [role=tab]";

/** Where in the list the focus was: `ids` are those that then stood there. */
export interface Place {
  ids: readonly string[];
  at: number;
}

/** Who is next or before, for somebody whose place is no longer there: the nearest that still is. */
export function onwardFrom(place: Place, meaning: "next" | "previous", shown: readonly string[]): string | undefined {
  const there = new Set(shown);
  const behind = place.ids.slice(place.at + 1).filter((id) => there.has(id));
  const before = place.ids.slice(0, place.at).filter((id) => there.has(id));
  return meaning === "next" ? (behind[0] ?? before.at(-1)) : (before.at(-1) ?? behind[0]);
}

export interface ListKeys {
  toggle: (id: string, range: boolean) => void;
  open: (id: string) => void;
  /** Of those that are chosen, or else of the one where the focus is. */
  decide: (how: "route" | "exclude", id: string | undefined) => void;
}

/**
 * Moves the focus from row to row by j, k and the arrows, chooses by x, opens by o, routes by r and excludes by e;
 * Enter opens by itself. Whose row goes away goes on from there.
 */
export function useListKeys(list: RefObject<HTMLElement | null>, on: ListKeys): void {
  const [letters] = useLetters();
  const place = useRef<Place | null>(null);
  useEffect(() => {
    const rowsNow = () => [...(list.current?.querySelectorAll<HTMLElement>("[data-entry]") ?? [])];
    const idsOf = (rows: readonly HTMLElement[]) => rows.map((row) => row.dataset.entry ?? "");
    const focused = ({ target }: FocusEvent) => {
      const rows = rowsNow();
      const at = rows.findIndex((row) => target instanceof Node && row.contains(target));
      if (at >= 0) place.current = { ids: idsOf(rows), at };
    };
    const pressed = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      const meaning = meaningOf(event, letters);
      if (!meaning || !list.current || target?.closest(writes) || document.querySelector("[role=dialog]")) return;
      const rows = rowsNow();
      const here = rows.findIndex((row) => row.contains(document.activeElement));
      // Outside of the list, the arrows scroll the page.
      if (event.key.startsWith("Arrow") && here < 0) return;
      const id = rows[here]?.dataset.entry;
      if (meaning === "route" || meaning === "exclude") on.decide(meaning, id);
      else if (meaning === "select" && id) on.toggle(id, event.shiftKey);
      else if (meaning === "open" && id) on.open(id);
      else if (meaning === "next" || meaning === "previous") {
        const lost = here < 0 && document.activeElement === document.body && place.current;
        const onward = lost ? onwardFrom(lost, meaning, idsOf(rows)) : undefined;
        const beside = rows[here < 0 ? 0 : here + (meaning === "next" ? 1 : -1)];
        const row = onward ? rows.find(({ dataset }) => dataset.entry === onward) : beside;
        row?.querySelector<HTMLElement>("[data-open]")?.focus();
        row?.scrollIntoView({ block: "nearest" });
      } else return;
      event.preventDefault();
    };
    addEventListener("keydown", pressed);
    addEventListener("focusin", focused);
    return () => {
      removeEventListener("keydown", pressed);
      removeEventListener("focusin", focused);
    };
  }, [list, letters, on]);
}
