import { type Exchange, makeOperation, type Operation } from "@urql/core";
import { filter, pipe, tap } from "wonka";
import { madeStale } from "./cache";

/** A query as it was sent last. */
interface Asked {
  operation: Operation;
  fields: readonly string[];
  /** Whether an answer is on its way. */
  open: boolean;
  overtaken: boolean;
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
  ({ client, forward }) =>
  (operations) => {
    const asked = new Map<number, Asked>();
    const shown = new Set<number>();
    const passedOver = new Set<number>();
    const askAgain = (operation: Operation) => {
      const again = makeOperation("query", operation, { ...operation.context, requestPolicy: "network-only" });
      // Twice: the client still waits for the answer that was passed over, and lets nothing through beside it the first time.
      client.reexecuteOperation(again);
      client.reexecuteOperation(again);
    };
    return pipe(
      operations,
      tap((operation) => {
        const { key, kind } = operation;
        if (kind === "query") asked.set(key, { operation, fields: fieldsOf(operation), open: true, overtaken: false });
        if (kind === "teardown") for (const each of [asked, shown, passedOver]) each.delete(key);
      }),
      forward,
      filter(({ operation, data }) => {
        const { key, kind } = operation;
        if (kind !== "query") {
          const stale = data ? madeStale(fieldsOf(operation)) : [];
          // What is asked for by its id may be anything, so also what has changed.
          const touches = (field: string) => stale.includes(field) || (field === "node" && stale.length > 0);
          for (const each of asked.values()) each.overtaken ||= each.open && each.fields.some(touches);
          return true;
        }
        const query = asked.get(key);
        if (query?.operation !== operation) return false;
        query.open = false;
        if (query.overtaken) askAgain(operation);
        if (query.overtaken && shown.has(key) && !passedOver.delete(key)) {
          passedOver.add(key);
          return false;
        }
        shown.add(key);
        passedOver.delete(key);
        return true;
      }),
    );
  };
