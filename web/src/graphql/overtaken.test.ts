import { createClient, gql, type OperationResult, type TypedDocumentNode } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { expect, test, vi } from "vitest";
import { filter, makeSubject, merge, pipe, subscribe, tap } from "wonka";
import { cacheOptions } from "./cache";
import { overtakenExchange } from "./overtaken";

type Operation = OperationResult["operation"];

const Openings: TypedDocumentNode<{ openings: { totalCount: number } }, object> = gql`
  query {
    openings {
      totalCount
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

/** A server that answers when it is told to. */
function server() {
  const asked: Operation[] = [];
  const { source, next } = makeSubject<OperationResult>();
  const client = createClient({
    url: "/graphql",
    preferGetMethod: false,
    exchanges: [
      cacheExchange(cacheOptions()),
      overtakenExchange,
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
  const queries = () => asked.filter(({ kind }) => kind === "query");
  const answer = (operation: Operation | undefined, data: object) => {
    if (!operation) throw new Error("nobody asked");
    next({ operation, data, stale: false, hasNext: false });
  };
  const shown: unknown[] = [];
  pipe(
    client.query(Openings, {}),
    subscribe(({ data }) => shown.push(data?.openings.totalCount)),
  );
  const tell = (name: string) => {
    pipe(
      client.subscription(Changed(name), {}),
      subscribe(() => {}),
    );
    answer(
      asked.find(({ kind }) => kind === "subscription"),
      { [name]: { __typename: "OpeningEvent", cursor: "1" } },
    );
  };
  const openings = (totalCount: number) => ({ openings: { __typename: "OpeningConnection", totalCount } });
  return { answer: (count: number) => answer(queries().at(-1), openings(count)), tell, queries, shown };
}

test("an answer that an event overtook is asked for once more", async () => {
  const { answer, tell, queries, shown } = server();
  tell("openingChanged");
  answer(1);
  await vi.waitFor(() => expect(queries()).toHaveLength(2));
  answer(2);
  await vi.waitFor(() => expect(shown.at(-1)).toBe(2));
  expect(queries(), "nothing has come since").toHaveLength(2);
});

test("what has nothing to do with an answer does not have it asked for again", async () => {
  const { answer, tell, queries, shown } = server();
  tell("fileImportChanged");
  answer(1);
  await vi.waitFor(() => expect(shown.at(-1)).toBe(1));
  expect(queries()).toHaveLength(1);
});
