import type { Client, Sink, SubscribePayload } from "graphql-ws";
import { expect, test, vi } from "vitest";
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
  forwardLive(client, async () => {})(
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

test("a subscription that is turned away goes on where it was when the viewer is let in again, and others do not", async () => {
  const { client, asked } = line();
  let letIn = () => {};
  const failed = vi.fn();
  forwardLive(client, () => new Promise((resolve) => (letIn = resolve)))(
    { query: "subscription { x }", operationName: undefined, variables: {}, extensions: undefined },
    {} as never,
  ).subscribe({ next: () => {}, error: failed, complete: () => {} });
  asked[0]?.sink.next({ data: { incidentChanged: { cursor: "7" } } });
  asked[0]?.sink.error(new CloseEvent("close", { code: 4401 }));
  expect(asked).toHaveLength(1);
  letIn();
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(JSON.parse(JSON.stringify(asked[1]?.payload)).variables).toEqual({ after: "7" });
  expect(failed).not.toHaveBeenCalled();
  asked[1]?.sink.error(new CloseEvent("close", { code: 4400 }));
  expect(failed).toHaveBeenCalled();
  expect(asked).toHaveLength(2);
});

test("a subscription that nobody wants any more is not made again", async () => {
  const { client, asked } = line();
  const letIn = Promise.resolve();
  const { unsubscribe } = forwardLive(client, () => letIn)(
    { query: "subscription { x }", operationName: undefined, variables: {}, extensions: undefined },
    {} as never,
  ).subscribe({ next: () => {}, error: () => {}, complete: () => {} });
  asked[0]?.sink.error(new CloseEvent("close", { code: 4403 }));
  unsubscribe();
  await letIn;
  await Promise.resolve();
  expect(asked).toHaveLength(1);
});
