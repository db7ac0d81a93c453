import { type Exchange, makeOperation, type Operation } from "@urql/core";
import { pipe, tap } from "wonka";
import { madeStale } from "./cache";

interface OnItsWay {
  fields: readonly string[];
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
 * Asks once more what was on its way when a change was told: the answer may be from before it, and the cache, which had
 * nothing of it yet, could not forget it.
 */
export const overtakenExchange: Exchange =
  ({ client, forward }) =>
  (operations) => {
    const onTheirWay = new Map<number, OnItsWay>();
    return pipe(
      operations,
      tap((operation) => {
        if (operation.kind === "query")
          onTheirWay.set(operation.key, { fields: fieldsOf(operation), overtaken: false });
        if (operation.kind === "teardown") onTheirWay.delete(operation.key);
      }),
      forward,
      tap(({ operation, data }) => {
        if (operation.kind !== "query") {
          const stale = data ? madeStale(fieldsOf(operation)) : [];
          for (const each of onTheirWay.values()) each.overtaken ||= each.fields.some((field) => stale.includes(field));
          return;
        }
        const overtaken = onTheirWay.get(operation.key)?.overtaken;
        onTheirWay.delete(operation.key);
        if (overtaken)
          client.reexecuteOperation(
            makeOperation("query", operation, { ...operation.context, requestPolicy: "network-only" }),
          );
      }),
    );
  };
