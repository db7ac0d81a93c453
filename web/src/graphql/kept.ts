import { useState } from "react";
import type { Paged } from "./paged";

/** The last list that came, while the next one is on its way; `old` while it is not the one that was asked for. */
export function useKept<List extends Paged<unknown>>(list: List): { shown: List; old: boolean } {
  const [kept, setKept] = useState(list);
  if (!list.empty && kept.nodes !== list.nodes) setKept(list);
  const old = list.empty && !list.error && !kept.empty;
  return { shown: old ? kept : list, old };
}
