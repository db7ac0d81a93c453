import { useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

/**
 * Moves the focus to the heading of the page that one has gone to, which has a screen reader say what it is called. Not
 * when a search or a filter changes the address, and not when something on the page has the focus already.
 */
export function useHeadingFocus(): void {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (path === undefined || path === before.current) return;
    const first = before.current === undefined;
    before.current = path;
    if (first || document.querySelector('[role="dialog"]')) return;
    const content = document.getElementById("content");
    const heading = content?.querySelector<HTMLElement>("h1") ?? content;
    heading?.focus({ preventScroll: true });
  }, [path]);
}
