/** Makes an element a row of the list that keeps the focus: there it goes when what had it in the row before is gone. */
export const row = { "data-row": true, tabIndex: -1 } as const;

/** Remembers where in a list an element stands. What is there later: its row, or once that is gone, the next one. */
export function placeOf(element: Element): () => HTMLElement | undefined {
  const own = element.closest<HTMLElement>("[data-row]");
  const list = own?.parentElement?.closest("[data-rows]");
  if (!own || !list) return () => undefined;
  const rows = () => [...list.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows().indexOf(own);
  return () => {
    if (own.isConnected) return own;
    const left = list.isConnected ? rows() : [];
    return left[at] ?? left.at(-1);
  };
}
