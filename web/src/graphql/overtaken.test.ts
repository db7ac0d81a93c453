import { createClient, gql, type OperationResult, type TypedDocumentNode } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { expect, test, vi } from "vitest";
import { pipe, subscribe } from "wonka";
import { cacheOptions } from "./cache";
import { overtakenExchange } from "./overtaken";
import { playedServer } from "./testing";

type Operation = OperationResult["operation"];

const Openings: TypedDocumentNode<{ openings: { totalCount: number } }, object> = gql`
  query {
    openings {
      totalCount
    }
  }
`;

const Opening: TypedDocumentNode<{ node: { revision: number } }, object> = gql`
  query {
    node(id: "1") {
      ... on Opening {
        id
        revision
      }
    }
  }
`;

const Changed = (name: string) => gql`
  subscription {
    ${name} {
      cursor
    }
  }
`;

/** A server that answers what is asked of it when it is told to, with a number. */
function server<Data>(query: TypedDocumentNode<Data, object>, number: (data: Data) => number) {
  const { asked, next, exchange } = playedServer();
  const client = createClient({
    url: "/graphql",
    preferGetMethod: false,
    exchanges: [cacheExchange(cacheOptions()), overtakenExchange, exchange],
  });
  const queries = () => asked.filter(({ kind }) => kind === "query");
  const answer = (operation: Operation | undefined, data: object) => {
    if (!operation) throw new Error("nobody asked");
    next({ operation, data, stale: false, hasNext: false });
  };
  const shown: number[] = [];
  pipe(
    client.query(query, {}, { requestPolicy: "network-only" }),
    subscribe(({ data }) => data && shown.push(number(data))),
  );
  const again = () =>
    client.reexecuteOperation(client.createRequestOperation("query", first(), { requestPolicy: "network-only" }));
  const first = () => {
    const [operation] = queries();
    if (!operation) throw new Error("nobody asked");
    return operation;
  };
  const listen = (name: string) =>
    pipe(
      client.subscription(Changed(name), {}),
      subscribe(() => {}),
    );
  const tell = (name: string) => {
    if (!asked.some(({ kind }) => kind === "subscription")) listen(name);
    answer(
      asked.find(({ kind }) => kind === "subscription"),
      { [name]: { __typename: "OpeningEvent", cursor: "1" } },
    );
  };
  return { again, answer, tell, queries, shown };
}

const openings = (totalCount: number) => ({ openings: { __typename: "OpeningConnection", totalCount } });
const opening = (revision: number) => ({ node: { __typename: "Opening", id: "1", revision } });

test("an answer that an event overtook is asked for once more", async () => {
  const { answer, tell, queries, shown } = server(Openings, (data) => data.openings.totalCount);
  tell("openingChanged");
  answer(queries()[0], openings(1));
  await vi.waitFor(() => expect(queries()).toHaveLength(2));
  answer(queries()[1], openings(2));
  await vi.waitFor(() => expect(shown.at(-1)).toBe(2));
  expect(queries(), "nothing has come since").toHaveLength(2);
});

test("what was asked for by its id is asked for once more, whatever was changed", async () => {
  const { answer, tell, queries, shown } = server(Opening, (data) => data.node.revision);
  tell("selectionChanged");
  answer(queries()[0], opening(1));
  await vi.waitFor(() => expect(queries()).toHaveLength(2));
  answer(queries()[1], opening(2));
  await vi.waitFor(() => expect(shown.at(-1)).toBe(2));
  expect(queries(), "nothing has come since").toHaveLength(2);
});

test("what has nothing to do with an answer does not have it asked for again", async () => {
  const { answer, tell, queries, shown } = server(Openings, (data) => data.openings.totalCount);
  tell("fileImportChanged");
  answer(queries()[0], openings(1));
  await vi.waitFor(() => expect(shown.at(-1)).toBe(1));
  expect(queries()).toHaveLength(1);
});

for (const order of [
  [0, 1],
  [1, 0],
] as const) {
  test(`of two who ask the same, whoever asked last is told, the ${order[0] === 0 ? "first" : "second"} answered first`, async () => {
    const { again, answer, queries, shown } = server(Opening, (data) => data.node.revision);
    // The client lets a question through beside one that is under way when it is asked for twice more, as events do.
    again();
    again();
    await vi.waitFor(() => expect(queries()).toHaveLength(2));
    for (const each of order) answer(queries()[each], opening(each + 1));
    await vi.waitFor(() => expect(shown.at(-1)).toBe(2));
    expect(shown, "nobody saw the older one").toEqual([2]);
  });
}

test("an answer that was overtaken is not shown over a newer one, unless that goes on and on", async () => {
  const { again, answer, tell, queries, shown } = server(Opening, (data) => data.node.revision);
  answer(queries()[0], opening(2));
  await vi.waitFor(() => expect(shown).toEqual([2]));
  again();
  await vi.waitFor(() => expect(queries()).toHaveLength(2));
  tell("selectionChanged");
  answer(queries()[1], opening(1));
  await vi.waitFor(() => expect(queries()).toHaveLength(3));
  expect(shown, "what it said may be from before").not.toContain(1);
  tell("selectionChanged");
  answer(queries()[2], opening(3));
  await vi.waitFor(() => expect(queries()).toHaveLength(4));
  expect(shown.at(-1)).toBe(3);
  answer(queries()[3], opening(4));
  await vi.waitFor(() => expect(shown.at(-1)).toBe(4));
  expect(queries()).toHaveLength(4);
});
