import type { SubscriptionForwarder } from "@urql/core";
import type { Client } from "graphql-ws";
import { turnedAway } from "./connection";

/** What every event of the API has: its place in the log. */
interface Event {
  readonly cursor?: unknown;
}

/**
 * Sends subscriptions over the WebSocket, and remembers the cursor of the last event of each: when the connection is
 * lost and comes back, graphql-ws subscribes again, and what was missed comes first, in order, each once. The same goes
 * for one that was turned away: `letIn` resolves when the viewer may come again.
 */
export function forwardLive(client: Client, letIn: () => Promise<void>): SubscriptionForwarder {
  return (request) => ({
    subscribe: (sink) => {
      // graphql-ws writes the payload anew each time that it subscribes, so `after` may move on within it.
      const variables: Record<string, unknown> = { ...request.variables };
      const payload = { query: request.query ?? "", variables };
      let wanted = true;
      let leave = () => {};
      const begin = () => {
        if (!wanted) return;
        leave = client.subscribe<Record<string, Event>>(payload, {
          next: (result) => {
            for (const event of Object.values(result.data ?? {})) {
              if (typeof event?.cursor === "string") variables.after = event.cursor;
            }
            sink.next(result as Parameters<typeof sink.next>[0]);
          },
          error: (cause) => {
            if (turnedAway(cause)) void letIn().then(begin);
            else sink.error(cause);
          },
          complete: () => sink.complete(),
        });
      };
      begin();
      return {
        unsubscribe: () => {
          wanted = false;
          leave();
        },
      };
    },
  });
}
