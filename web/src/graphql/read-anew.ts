import { useEffect } from "react";

/**
 * Reads anew when an event has come, past the cache: an answer that was on its way meanwhile may be from before it, and
 * the cache, which had nothing to forget then, would not ask again.
 */
export function useReadAnew(
  cursor: string | undefined,
  again: (how: { requestPolicy: "network-only" }) => void,
  read = true,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each event
  useEffect(() => {
    if (cursor && read) again({ requestPolicy: "network-only" });
  }, [cursor]);
}
