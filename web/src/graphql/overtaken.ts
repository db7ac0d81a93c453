import { type Exchange, makeOperation, type Operation } from "@urql/core";
import { filter, pipe, tap } from "wonka";
import { madeStale } from "./cache";

/** A query as it was sent last. */
interface Asked {
  operation: Operation;
  fields: readonly string[];
  answered: boolean;
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
 * before it, and the cache, which had nothing of it yet, could not forget it.
 */
export const overtakenExchange: Exchange =
  ({ client, forward }) =>
  (operations) => {
    const asked = new Map<number, Asked>();
    return pipe(
      operations,
      tap((operation) => {
        if (operation.kind === "query")
          asked.set(operation.key, { operation, fields: fieldsOf(operation), answered: false, overtaken: false });
        if (operation.kind === "teardown") asked.delete(operation.key);
      }),
      forward,
      filter(({ operation }) => operation.kind !== "query" || asked.get(operation.key)?.operation === operation),
      tap(({ operation, data }) => {
        if (operation.kind !== "query") {
          const stale = data ? madeStale(fieldsOf(operation)) : [];
          // What is asked for by its id may be anything, so also what has changed.
          const touches = (field: string) => stale.includes(field) || (field === "node" && stale.length > 0);
          for (const each of asked.values()) each.overtaken ||= !each.answered && each.fields.some(touches);
          return;
        }
        const query = asked.get(operation.key);
        if (!query) return;
        query.answered = true;
        if (query.overtaken)
          client.reexecuteOperation(
            makeOperation("query", operation, { ...operation.context, requestPolicy: "network-only" }),
          );
      }),
    );
  };
