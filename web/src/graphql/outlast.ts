import type { CombinedError, Exchange, Operation } from "@urql/core";
import { filter, makeSubject, merge, pipe, tap } from "wonka";
import { waitToRetry } from "./connection";

/** Whether it is worth asking again: nothing has come back, or the server says that it cannot answer just now. */
function passing(error: CombinedError | undefined): boolean {
  return Boolean(
    error?.networkError || error?.graphQLErrors.some(({ extensions }) => extensions.code === "UNAVAILABLE"),
  );
}

/**
 * Keeps what is on screen while the server is out of reach: what was read before and is read anew, because something has
 * changed, is asked for until it is answered. Only who asks for the first time is told that there is no answer.
 */
export const outlastExchange: Exchange =
  ({ forward }) =>
  (operations) => {
    const again = makeSubject<Operation>();
    const asked = new Map<number, { operation: Operation; tries: number }>();
    const answered = new Set<number>();
    return pipe(
      merge([
        pipe(
          operations,
          tap((operation) => {
            if (operation.kind === "query") asked.set(operation.key, { operation, tries: 0 });
            if (operation.kind === "teardown") asked.delete(operation.key);
          }),
        ),
        again.source,
      ]),
      forward,
      filter(({ operation, error }) => {
        if (operation.kind !== "query") return true;
        if (!passing(error)) answered.add(operation.key);
        if (!passing(error) || !answered.has(operation.key)) return true;
        const query = asked.get(operation.key);
        // Who asks the same anew sees to it themselves.
        if (query?.operation !== operation) return false;
        void waitToRetry(query.tries++).then(() => {
          if (asked.get(operation.key) === query) again.next(operation);
        });
        return false;
      }),
    );
  };
