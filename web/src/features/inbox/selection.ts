import { useState } from "react";

/** How many entries the API decides on at once. */
export const most = 500;

/** Those between the last that was chosen and this one, in the order of the list, with both. */
export function between(shown: readonly string[], from: string | null, to: string): string[] {
  const a = from === null ? -1 : shown.indexOf(from);
  const b = shown.indexOf(to);
  if (a < 0 || b < 0) return [to];
  return shown.slice(Math.min(a, b), Math.max(a, b) + 1);
}

export interface Selection {
  /** Who is chosen, in the order of the list: whoever is no longer shown is no longer chosen. */
  chosen: readonly string[];
  has: (id: string) => boolean;
  /** Chooses one, or no longer; with `range` all from the last that was chosen or not, too. */
  toggle: (id: string, range?: boolean) => void;
  all: (chosen: boolean) => void;
}

/** Who of those shown is chosen. What is chosen in one list counts for no other: `list` names it. */
export function useSelection(shown: readonly string[], list: string): Selection {
  const [state, setState] = useState<{ list: string; ids: ReadonlySet<string>; last: string | null }>({
    list,
    ids: new Set(),
    last: null,
  });
  const { ids, last } = state.list === list ? state : { ids: new Set<string>(), last: null };
  const chosen = shown.filter((id) => ids.has(id)).slice(0, most);
  const keep = (next: Iterable<string>, by: string | null) =>
    setState({ list, ids: new Set([...next].slice(0, most)), last: by });
  return {
    chosen,
    has: (id) => ids.has(id),
    toggle: (id, range = false) => {
      const reached = range ? between(shown, last, id) : [id];
      if (ids.has(id))
        keep(
          chosen.filter((each) => !reached.includes(each)),
          id,
        );
      else keep([...chosen, ...reached], id);
    },
    all: (all) => keep(all ? shown : [], null),
  };
}
