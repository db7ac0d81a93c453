import type { Exchange, Operation } from "@urql/core";
import { filter, makeSubject, merge, pipe, tap } from "wonka";
import { madeStale } from "./cache";

/** A query as it was sent last. */
interface Asked {
  operation: Operation;
  fields: readonly string[];
  /** Whether an answer is on its way. */
  open: boolean;
  overtaken: boolean;
  /** Whether the answer before was passed over. */
  waited: boolean;
}

/** The fields of Query, Mutation or Subscription that are asked for. */
function fieldsOf({ query }: Operation): readonly string[] {
  return query.definitions.flatMap((definition) =>
    definition.kind === "OperationDefinition"
      ? definition.selectionSet.selections.flatMap((each) => (each.kind === "Field" ? [each.name.value] : []))
      : [],
  );
}

/**
 * Has the newest word stay. Of answers to the same question only the one to the last asking counts: one that comes
 * behind it is from before. And what was on its way when a change was told is asked once more: the answer may be from
 * before it, and the cache, which had nothing of it yet, could not forget it. Over what is on screen already it is not
 * shown at all, unless that goes on and on.
 */
export const overtakenExchange: Exchange =
  ({ forward }) =>
  (operations) => {
    const again = makeSubject<Operation>();
    const asked = new Map<number, Asked>();
    const shown = new Set<number>();
    return pipe(
      merge([
        pipe(
          operations,
          tap((operation) => {
            const { key, kind } = operation;
            if (kind === "query")
              asked.set(key, { operation, fields: fieldsOf(operation), open: true, overtaken: false, waited: false });
            if (kind !== "teardown") return;
            asked.delete(key);
            shown.delete(key);
          }),
        ),
        again.source,
      ]),
      forward,
      filter(({ operation, data }) => {
        if (operation.kind !== "query") {
          const stale = data ? madeStale(fieldsOf(operation)) : [];
          // What is asked for by its id may be anything, so also what has changed.
          const touches = (field: string) => stale.includes(field) || (field === "node" && stale.length > 0);
          for (const each of asked.values()) each.overtaken ||= each.open && each.fields.some(touches);
          return true;
        }
        const query = asked.get(operation.key);
        if (query?.operation !== operation) return false;
        const { overtaken } = query;
        const passedOver = overtaken && !query.waited && shown.has(operation.key);
        Object.assign(query, { open: overtaken, overtaken: false, waited: passedOver });
        // Not before this answer has gone its way.
        if (overtaken) void Promise.resolve().then(() => asked.get(operation.key) === query && again.next(operation));
        shown.add(operation.key);
        return !passedOver;
      }),
    );
  };
