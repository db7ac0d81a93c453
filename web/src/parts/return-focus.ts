import { useEffect } from "react";
import { placeOf } from "./rows";

/**
 * For a dialog that is there only while it is open: gives the focus back to what had it before, or where that is gone to
 * the row that has taken its place, or to the page's heading.
 */
export function useReturnFocus(): void {
  useEffect(() => {
    const before = document.activeElement;
    const row = before ? placeOf(before) : () => undefined;
    return () => {
      const there = before instanceof HTMLElement && before !== document.body && before.isConnected;
      const target = there ? before : (row() ?? document.querySelector<HTMLElement>("h1"));
      target?.focus({ preventScroll: true });
    };
  }, []);
}
