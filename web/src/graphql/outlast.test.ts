import { CombinedError, createClient, gql } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { expect, test, vi } from "vitest";
import { pipe, subscribe } from "wonka";
import { cacheOptions } from "./cache";
import { outlastExchange } from "./outlast";
import { overtakenExchange } from "./overtaken";
import { playedServer } from "./testing";

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
  const { asked, next, exchange } = playedServer();
  const watchers = new Set<() => void>();
  const watch = (changed: () => void) => {
    watchers.add(changed);
    return () => watchers.delete(changed);
  };
  const client = createClient({
    url: "/graphql",
    preferGetMethod: false,
    exchanges: [
      outlastExchange({ connection: () => "open", watch }),
      cacheExchange(cacheOptions()),
      overtakenExchange,
      exchange,
    ],
  });
  const last = (kind: "query" | "subscription") => {
    const found = asked.findLast((operation) => operation.kind === kind);
    if (!found) throw new Error(`there was no ${kind}`);
    return found;
  };
  const shown: { count: number | undefined; error: string | undefined }[] = [];
  const look = () =>
    pipe(
      client.query(Openings, {}, { requestPolicy: "cache-and-network" }),
      subscribe(
        ({ data, error, stale }) => stale || shown.push({ count: data?.openings.totalCount, error: error?.message }),
      ),
    ).unsubscribe;
  pipe(
    client.subscription(Changed, {}),
    subscribe(() => {}),
  );
  return {
    shown,
    look,
    read: () => client.query(Openings, {}, { requestPolicy: "network-only" }).toPromise(),
    /** The live connection is back. */
    back: () => {
      for (const changed of watchers) changed();
    },
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

/** A page that has shown something which has changed since, so that it is read anew. */
async function readingAnew() {
  const made = page();
  const leave = made.look();
  made.answer(1);
  await vi.waitFor(() => expect(made.shown.at(-1)?.count).toBe(1));
  made.tell();
  await vi.waitFor(() => expect(made.times()).toBe(2));
  return { ...made, leave };
}

for (const [what, error] of [
  ["out of reach", unreachable],
  ["busy", busy],
] as const) {
  test(`what is on screen stays while the server is ${what}, and is read as soon as it is not`, async () => {
    const { shown, answer, fail, back, times } = await readingAnew();
    fail(error);
    await vi.waitFor(() => expect(shown.at(-1)).toEqual({ count: 1, error: error.message }));
    back();
    await vi.waitFor(() => expect(times(), "it is asked for again").toBe(3));
    answer(2);
    await vi.waitFor(() => expect(shown.at(-1)).toEqual({ count: 2, error: undefined }));
    back();
    await Promise.resolve();
    expect(times(), "it is asked for no more").toBe(3);
  });
}

test("it is asked for again in ever longer pauses, also where the live connection was never lost", async () => {
  const { fail, times } = await readingAnew();
  vi.useFakeTimers();
  try {
    const pauses: number[] = [];
    for (const before of [2, 3, 4]) {
      const began = Date.now();
      fail(busy);
      while (times() === before) await vi.advanceTimersByTimeAsync(100);
      pauses.push(Date.now() - began);
    }
    const [first = 0, , third = 0] = pauses;
    expect(first).toBeLessThanOrEqual(1_100);
    expect(third).toBeGreaterThanOrEqual(2_000);
  } finally {
    vi.useRealTimers();
  }
});

test("who asks for the first time is told at once that there is no answer", async () => {
  const { shown, look, fail } = page();
  look();
  fail(unreachable);
  await vi.waitFor(() => expect(shown.at(-1)).toEqual({ count: undefined, error: unreachable.message }));
});

test("an answer that will not change by asking again takes the place of what was shown", async () => {
  const { shown, fail, back, times } = await readingAnew();
  fail(forbidden);
  await vi.waitFor(() => expect(shown.at(-1)).toEqual({ count: undefined, error: forbidden.message }));
  back();
  await Promise.resolve();
  expect(times()).toBe(2);
});

test("whoever waits for one answer gets one", async () => {
  const { read, fail, times } = await readingAnew();
  fail(unreachable);
  const reading = read();
  await vi.waitFor(() => expect(times()).toBe(3));
  fail(unreachable);
  expect((await reading).error?.message).toBe(unreachable.message);
});

test("whoever has left the page has nothing asked for any more, and is told when they come back in vain", async () => {
  const { shown, look, leave, fail, back, times } = await readingAnew();
  fail(unreachable);
  await vi.waitFor(() => expect(shown.at(-1)?.error).toBeDefined());
  leave();
  await Promise.resolve();
  back();
  await new Promise((resolve) => setTimeout(resolve));
  expect(times()).toBe(2);
  look();
  await vi.waitFor(() => expect(times()).toBe(3));
  fail(unreachable);
  await vi.waitFor(() => expect(shown.at(-1)).toEqual({ count: undefined, error: unreachable.message }));
});
