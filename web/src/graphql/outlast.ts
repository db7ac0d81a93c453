import { type CombinedError, type Exchange, makeOperation, type Operation } from "@urql/core";
import { map, pipe, tap } from "wonka";
import type { Live } from "./connection";

const longestPause = 60_000;

/** Whether nobody can say for now: nothing has come back, or whoever stands before the server, or it itself, says so. */
function passing(error: CombinedError): boolean {
  if (error.networkError) return !error.response || [502, 503, 504].includes(error.response.status);
  return error.graphQLErrors.some(({ extensions }) => extensions.code === "UNAVAILABLE");
}

/**
 * Keeps what is on screen while the server is out of reach or busy: what is read anew there because something has changed
 * comes with what was read before beside the error, and is asked for again when the live connection is back, and in
 * ever longer pauses. It stands above the cache, to which each asking is one of its own.
 */
export const outlastExchange =
  ({ connection, watch }: Pick<Live, "connection" | "watch">): Exchange =>
  ({ client, forward }) =>
  (operations) => {
    const active = new Set<number>();
    const shown = new Map<number, unknown>();
    const unanswered = new Map<number, { again: () => void; tries: number; timer: ReturnType<typeof setTimeout> }>();
    const settle = (key: number) => {
      clearTimeout(unanswered.get(key)?.timer);
      unanswered.delete(key);
    };
    const askLater = (operation: Operation) => {
      const tries = unanswered.get(operation.key)?.tries ?? 0;
      settle(operation.key);
      const again = () =>
        client.reexecuteOperation(
          makeOperation("query", operation, { ...operation.context, requestPolicy: "network-only" }),
        );
      const pause = Math.min(longestPause, 1_000 * 2 ** tries) * (0.5 + Math.random() / 2);
      unanswered.set(operation.key, { again, tries: tries + 1, timer: setTimeout(again, pause) });
    };
    watch(() => {
      if (connection() === "open") for (const { again } of unanswered.values()) again();
    });
    return pipe(
      operations,
      tap(({ kind, key }) => {
        if (kind === "query") active.add(key);
        if (kind !== "teardown") return;
        active.delete(key);
        // Who asks anew leaves first, and is back at once.
        void Promise.resolve().then(() => {
          if (active.has(key)) return;
          shown.delete(key);
          settle(key);
        });
      }),
      forward,
      map((result) => {
        const { operation, error } = result;
        const { key } = operation;
        if (operation.kind !== "query" || !active.has(key)) return result;
        if (!error || result.data || !passing(error)) {
          if (result.data) shown.set(key, result.data);
          settle(key);
          return result;
        }
        if (!shown.has(key)) return result;
        askLater(operation);
        return { ...result, data: shown.get(key) };
      }),
    );
  };
