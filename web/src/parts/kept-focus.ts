import { type FocusEvent, type RefObject, useEffect, useRef } from "react";

interface KeptFocus<Place extends HTMLElement> {
  /** Where the focus goes when what had it is gone; it can be focused (tabIndex -1 will do). */
  place: RefObject<Place | null>;
  /** For what holds all that may go away. */
  within: { onFocus: (event: FocusEvent<HTMLElement>) => void; onBlur: () => void };
}

/**
 * Keeps whoever works by keyboard where they are when the button that they pressed goes away, or was shut while it
 * worked: else they begin at the top of the page again.
 */
export function useKeptFocus<Place extends HTMLElement>(): KeptFocus<Place> {
  const place = useRef<Place>(null);
  const held = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const last = held.current;
    if (!last || document.activeElement !== document.body || last.matches(":disabled")) return;
    if (last.isConnected) last.focus();
    else place.current?.focus();
  });
  return {
    place,
    within: {
      onFocus: (event) => {
        held.current = event.target;
      },
      // What is taken away takes no leave: this is somebody who went elsewhere.
      onBlur: () => {
        held.current = null;
      },
    },
  };
}
