import type { Exchange, Operation, OperationResult } from "@urql/core";
import { filter, makeSubject, merge, pipe, tap } from "wonka";

/** A server at the end of a client's exchanges: it keeps what it is asked, and answers when it is told to. */
export function playedServer() {
  const asked: Operation[] = [];
  const { source, next } = makeSubject<OperationResult>();
  const exchange: Exchange = () => (operations) =>
    merge([
      source,
      pipe(
        operations,
        tap((operation) => operation.kind !== "teardown" && asked.push(operation)),
        filter((_): _ is never => false),
      ),
    ]);
  return { asked, next, exchange };
}
