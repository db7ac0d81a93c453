import { type Client, createClient } from "graphql-ws";

/** How the live connection stands. */
export type Connection = "connecting" | "open" | "lost";

/** The one WebSocket that all subscriptions share. */
export interface Live {
  client: Client;
  connection: () => Connection;
  watch: (changed: () => void) => () => void;
}

// graphql-transport-ws closes with these where asking again would not help: what let the viewer in has ended, or lets
// them do other things now; nobody is let in.
const [ended, forbidden] = [4401, 4403];

/** Whether the server no longer takes what lets the viewer in, rather than being away. */
export function turnedAway(cause: unknown): boolean {
  return cause instanceof CloseEvent && [ended, forbidden].includes(cause.code);
}

/**
 * Opens the WebSocket when the first subscription asks for it, and opens it again whenever it is lost.
 */
export function connect(url: string, language: string): Live {
  let state: Connection = "connecting";
  const watchers = new Set<() => void>();
  const become = (next: Connection) => {
    if (state === next) return;
    state = next;
    for (const changed of watchers) changed();
  };
  let unanswered: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url,
    connectionParams: { acceptLanguage: language },
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: (reason) => !turnedAway(reason),
    retryWait: waitToRetry,
    // A line that falls silent closes nothing, and takes no leave: a ping that goes unanswered ends it.
    keepAlive: 5_000,
    on: {
      connected: () => become("open"),
      ping: (received) => {
        if (received) return;
        // Where the page itself was busy, the answer may lie there unread: it is heard first.
        unanswered = setTimeout(() => {
          unanswered = setTimeout(() => client.terminate(), 250);
        }, 3_000);
      },
      pong: (received) => {
        if (received) clearTimeout(unanswered);
      },
      closed: (event) => {
        clearTimeout(unanswered);
        // Nobody subscribes any more, or it takes another sign-in: that is no loss.
        const meant = turnedAway(event) || (event instanceof CloseEvent && event.code === 1000);
        become(meant ? "connecting" : "lost");
      },
    },
  });
  // Rather now than when the ping goes unanswered.
  addEventListener("offline", () => {
    if (state === "open") client.terminate();
  });
  return {
    client,
    connection: () => state,
    watch: (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
  };
}

/** Waits longer each time, 5 s at most, spread so that not all browsers come at once; not at all when the network is back. */
export function waitToRetry(retries: number): Promise<void> {
  const wait = Math.min(5_000, 250 * 2 ** retries) * (0.5 + Math.random() / 2);
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener("online", go);
      resolve();
    };
    const timer = setTimeout(go, wait);
    addEventListener("online", go);
  });
}
