import { createContext, useContext, useSyncExternalStore } from "react";
import type { Connection, Live } from "./connection";

export const LiveContext = createContext<Live | null>(null);

/** How the live connection stands now. */
export function useConnection(): Connection {
  const live = useContext(LiveContext);
  return useSyncExternalStore(
    (changed) => live?.watch(changed) ?? (() => {}),
    () => live?.connection() ?? "connecting",
  );
}
