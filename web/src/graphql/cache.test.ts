import { createClient, type Exchange, gql, type OperationResult } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { expect, test, vi } from "vitest";
import { filter, map, pipe, subscribe } from "wonka";
import { cacheOptions } from "./cache";

interface Told {
  opening: { __typename: "Opening"; id: string; name: string; revision: number };
}

const Opening = gql<Told, object>`
  query {
    opening(id: "o") {
      __typename
      id
      name
      revision
    }
  }
`;

const Rename = gql<{ updateOpening: Told }, object>`
  mutation {
    updateOpening {
      opening {
        __typename
        id
        name
        revision
      }
    }
  }
`;

/** A server that has one opening, of which a mutation's answer tells what it is said to. */
function server(now: Told["opening"], answer: Told["opening"]) {
  let reads = 0;
  const exchange: Exchange = () => (operations) =>
    pipe(
      operations,
      filter(({ kind }) => kind !== "teardown"),
      map((operation): OperationResult => {
        if (operation.kind === "query") reads++;
        const data =
          operation.kind === "query"
            ? { opening: now }
            : { updateOpening: { __typename: "OpeningPayload", opening: answer } };
        return { operation, data, stale: false, hasNext: false };
      }),
    );
  const client = createClient({
    url: "/graphql",
    preferGetMethod: false,
    exchanges: [cacheExchange(cacheOptions()), exchange],
  });
  const shown: (string | undefined)[] = [];
  pipe(
    client.query(Opening, {}),
    subscribe(({ data }) => shown.push(data?.opening.name)),
  );
  return { client, shown, reads: () => reads };
}

const opening = (revision: number, name: string) => ({ __typename: "Opening" as const, id: "o", name, revision });

test("an answer that is older than what is known is not left standing", async () => {
  const { client, shown, reads } = server(opening(3, "営業"), opening(2, "旧営業"));
  const { data } = await client.mutation(Rename, {}).toPromise();
  expect(data?.updateOpening.opening, "whoever asked has the answer").toMatchObject({ name: "旧営業" });
  await vi.waitFor(() => expect(reads()).toBe(2));
  expect(shown.at(-1)).toBe("営業");
});

test("an answer that is newer counts, and nothing is read again for it", async () => {
  const { client, shown, reads } = server(opening(3, "営業"), opening(4, "新営業"));
  await client.mutation(Rename, {}).toPromise();
  await vi.waitFor(() => expect(shown.at(-1)).toBe("新営業"));
  expect(reads()).toBe(1);
});

test("what has gone back for good, as after a restore, is believed", async () => {
  const { client, shown, reads } = server(opening(3, "営業"), opening(9, "先の営業"));
  await client.mutation(Rename, {}).toPromise();
  await vi.waitFor(() => expect(shown.at(-1)).toBe("先の営業"));
  await client.query(Opening, {}, { requestPolicy: "network-only" }).toPromise();
  await vi.waitFor(() => expect(shown.at(-1)).toBe("営業"));
  expect(reads()).toBe(2);
});
