import { CombinedError, createClient, gql, type Operation, type OperationResult } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { expect, test, vi } from "vitest";
import { filter, makeSubject, merge, pipe, subscribe, tap } from "wonka";
import { cacheOptions } from "./cache";
import { outlastExchange } from "./outlast";
import { overtakenExchange } from "./overtaken";

const Openings = gql<{ openings: { totalCount: number } }, object>`
  query {
    openings {
      totalCount
    }
  }
`;
const Changed = gql`
  subscription {
    openingChanged {
      cursor
    }
  }
`;

const unreachable = new CombinedError({ networkError: new Error("connection refused") });
const busy = new CombinedError({ graphQLErrors: [{ message: "busy", extensions: { code: "UNAVAILABLE" } }] });
const forbidden = new CombinedError({ graphQLErrors: [{ message: "no", extensions: { code: "FORBIDDEN" } }] });

/** A page that shows how many openings there are, and a server that answers when it is told to. */
function page() {
  const asked: Operation[] = [];
  const { source, next } = makeSubject<OperationResult>();
  const client = createClient({
    url: "/graphql",
    preferGetMethod: false,
    exchanges: [
      cacheExchange(cacheOptions()),
      overtakenExchange,
      outlastExchange,
      () => (operations) =>
        merge([
          source,
          pipe(
            operations,
            tap((operation) => operation.kind !== "teardown" && asked.push(operation)),
            filter((_): _ is never => false),
          ),
        ]),
    ],
  });
  const last = (kind: "query" | "subscription") => {
    const found = asked.findLast((operation) => operation.kind === kind);
    if (!found) throw new Error(`there was no ${kind}`);
    return found;
  };
  const shown: (number | string | undefined)[] = [];
  const { unsubscribe } = pipe(
    client.query(Openings, {}),
    subscribe(({ data, error }) => shown.push(error ? error.message : data?.openings.totalCount)),
  );
  pipe(
    client.subscription(Changed, {}),
    subscribe(() => {}),
  );
  return {
    shown,
    leave: unsubscribe,
    times: () => asked.filter(({ kind }) => kind === "query").length,
    answer: (totalCount: number) =>
      next({
        operation: last("query"),
        data: { openings: { __typename: "OpeningConnection", totalCount } },
        stale: false,
        hasNext: false,
      }),
    fail: (error: CombinedError) =>
      next({ operation: last("query"), data: undefined, error, stale: false, hasNext: false }),
    tell: () =>
      next({
        operation: last("subscription"),
        data: { openingChanged: { __typename: "OpeningEvent", cursor: "1" } },
        stale: false,
        hasNext: true,
      }),
  };
}

/** The browser finds its network again: nobody waits any longer. */
const online = () => window.dispatchEvent(new Event("online"));

for (const [what, error] of [
  ["out of reach", unreachable],
  ["busy", busy],
] as const) {
  test(`what is on screen stays while the server is ${what}, and is read as soon as it is not`, async () => {
    const { shown, answer, fail, tell, times } = page();
    answer(1);
    await vi.waitFor(() => expect(shown.at(-1)).toBe(1));
    tell();
    await vi.waitFor(() => expect(times()).toBe(2));
    fail(error);
    online();
    await vi.waitFor(() => expect(times(), "it is asked for again").toBe(3));
    expect(shown.at(-1)).toBe(1);
    answer(2);
    await vi.waitFor(() => expect(shown.at(-1)).toBe(2));
    expect(times()).toBe(3);
  });
}

test("who asks for the first time is told at once that there is no answer", async () => {
  const { shown, fail, times } = page();
  fail(unreachable);
  await vi.waitFor(() => expect(shown.at(-1)).toContain("connection refused"));
  expect(times()).toBe(1);
});

test("an answer that will not change by asking again is told", async () => {
  const { shown, answer, fail, tell, times } = page();
  answer(1);
  await vi.waitFor(() => expect(shown.at(-1)).toBe(1));
  tell();
  await vi.waitFor(() => expect(times()).toBe(2));
  fail(forbidden);
  await vi.waitFor(() => expect(shown.at(-1)).toContain("no"));
});

test("whoever leaves the page has nothing asked for any more", async () => {
  const { shown, answer, fail, tell, times, leave } = page();
  answer(1);
  await vi.waitFor(() => expect(shown.at(-1)).toBe(1));
  tell();
  await vi.waitFor(() => expect(times()).toBe(2));
  fail(unreachable);
  leave();
  online();
  await new Promise((resolve) => setTimeout(resolve));
  expect(times()).toBe(2);
});
