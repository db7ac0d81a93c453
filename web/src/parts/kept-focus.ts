import { type FocusEvent, type RefObject, useEffect, useRef } from "react";
import { placeOf } from "./rows";

interface KeptFocus<Place extends HTMLElement> {
  /**
   * Where the focus goes when what had it is gone, and no row of a list is left beside it; it can be focused (tabIndex -1
   * will do). The page's heading where it is nowhere.
   */
  place: RefObject<Place | null>;
  /** For what holds all that may go away. */
  within: Record<"onFocus" | "onBlur", (event: FocusEvent<HTMLElement>) => void> & { "data-rows": true };
}

/**
 * Keeps whoever works by keyboard where they are when the button that they pressed goes away, or was shut while it
 * worked: else they begin at the top of the page again.
 */
export function useKeptFocus<Place extends HTMLElement = HTMLElement>(): KeptFocus<Place> {
  const place = useRef<Place>(null);
  const held = useRef<HTMLElement | null>(null);
  const row = useRef<() => HTMLElement | undefined>(() => undefined);
  useEffect(() => {
    const last = held.current;
    if (!last) return;
    if (document.activeElement !== document.body) {
      // Whoever left while the button was shut went without a word.
      if (document.activeElement !== last) held.current = null;
      return;
    }
    if (!last.isConnected) (row.current() ?? place.current ?? document.querySelector<HTMLElement>("h1"))?.focus();
    else if (!last.matches(":disabled")) last.focus();
  });
  return {
    place,
    within: {
      onFocus: (event) => {
        held.current = event.target;
        row.current = placeOf(event.target);
      },
      // What is taken away takes no leave, and what is shut was not left: else this is somebody who went elsewhere.
      onBlur: (event) => {
        if (!event.target.matches(":disabled")) held.current = null;
      },
      "data-rows": true,
    },
  };
}
