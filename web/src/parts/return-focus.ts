import { useEffect } from "react";

/**
 * For a dialog that is there only while it is open: gives the focus back to what had it before, or where that is gone to
 * the page's heading.
 */
export function useReturnFocus(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      const there = before instanceof HTMLElement && before !== document.body && before.isConnected;
      const target = there ? before : document.querySelector<HTMLElement>("h1");
      target?.focus({ preventScroll: true });
    };
  }, []);
}
