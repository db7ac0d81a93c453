import type { Client, Sink, SubscribePayload } from "graphql-ws";
import { expect, test } from "vitest";
import { forwardLive } from "./live";

/** A connection that keeps what it was asked, as graphql-ws does to ask again. */
function line() {
  const asked: { payload: SubscribePayload; sink: Sink }[] = [];
  const client = {
    subscribe: (payload: SubscribePayload, sink: Sink) => {
      asked.push({ payload, sink });
      return () => {};
    },
  } as unknown as Client;
  return { client, asked };
}

test("a subscription that is made again goes on behind the last event that was seen", () => {
  const { client, asked } = line();
  const seen: unknown[] = [];
  const given = { accountId: "a" };
  forwardLive(client)(
    { query: "subscription { x }", operationName: undefined, variables: given, extensions: undefined },
    {} as never,
  ).subscribe({
    next: (result) => seen.push(result.data),
    error: () => {},
    complete: () => {},
  });
  const [first] = asked;
  expect(JSON.parse(JSON.stringify(first?.payload)).variables).toEqual({ accountId: "a" });
  first?.sink.next({ data: { accountStatusChanged: { cursor: "7" } } });
  first?.sink.next({ data: { accountStatusChanged: { cursor: "8" } } });
  first?.sink.next({ data: null });
  expect(JSON.parse(JSON.stringify(first?.payload)).variables).toEqual({ accountId: "a", after: "8" });
  expect(given, "what the page asked with is its own").toEqual({ accountId: "a" });
  expect(seen).toHaveLength(3);
});
