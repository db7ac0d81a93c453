import type { SubscriptionForwarder } from "@urql/core";
import type { Client } from "graphql-ws";

/** What every event of the API has: its place in the log. */
interface Event {
  readonly cursor?: unknown;
}

/**
 * Sends subscriptions over the WebSocket, and remembers the cursor of the last event of each: when the connection is
 * lost and comes back, graphql-ws subscribes again, and what was missed comes first, in order, each once.
 */
export function forwardLive(client: Client): SubscriptionForwarder {
  return (request) => ({
    subscribe: (sink) => {
      // graphql-ws writes the payload anew each time that it subscribes, so `after` may move on within it.
      const variables: Record<string, unknown> = { ...request.variables };
      const payload = { query: request.query ?? "", variables };
      const unsubscribe = client.subscribe<Record<string, Event>>(payload, {
        next: (result) => {
          for (const event of Object.values(result.data ?? {})) {
            if (typeof event?.cursor === "string") variables.after = event.cursor;
          }
          sink.next(result as Parameters<typeof sink.next>[0]);
        },
        error: (cause) => sink.error(cause),
        complete: () => sink.complete(),
      });
      return { unsubscribe };
    },
  });
}
