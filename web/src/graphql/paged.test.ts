import {
  type AnyVariables,
  CombinedError,
  createClient,
  type Exchange,
  makeOperation,
  type Operation,
  type TypedDocumentNode,
} from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { parse } from "graphql";
import { expect, test, vi } from "vitest";
import { filter, fromPromise, map, mergeMap, pipe } from "wonka";
import { Pages } from "./paged";

interface Item {
  id: string;
}
interface Data {
  items: { nodes: Item[]; totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}
const query = parse(
  "query($after: String) { items(after: $after) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } }",
) as TypedDocumentNode<Data, AnyVariables>;

const within = Object.fromEntries(["Items", "PageInfo"].map((type) => [type, () => null]));

/** A server with a list, the latest first, of which a page has two. It may be held up, or out of reach. */
function server(...ids: number[]) {
  const asked: unknown[] = [];
  const line = { broken: false, held: Promise.resolve() };
  const answer = (operation: Operation): Data => {
    const { after } = operation.variables as { after: string | null };
    asked.push(after);
    const rest = ids.filter((id) => after === null || id < Number(after));
    const nodes = rest.slice(0, 2).map((id) => ({ id: String(id), __typename: "Item" }));
    return {
      items: {
        nodes,
        totalCount: ids.length,
        pageInfo: { hasNextPage: rest.length > 2, endCursor: nodes.at(-1)?.id ?? null, __typename: "PageInfo" },
        __typename: "Items",
      } as Data["items"],
    };
  };
  const network: Exchange = () => (operations) =>
    pipe(
      operations,
      filter((operation) => operation.kind === "query"),
      mergeMap((operation) => fromPromise(line.held.then(() => operation))),
      map((operation) => ({
        operation: makeOperation("query", operation),
        data: line.broken ? undefined : answer(operation),
        error: line.broken ? new CombinedError({ networkError: new Error("out of reach") }) : undefined,
        extensions: undefined,
        stale: false,
        hasNext: false,
      })),
    );
  const client = createClient({
    url: "/",
    preferGetMethod: false,
    exchanges: [cacheExchange({ keys: within }), network],
  });
  const pages = new Pages(client, query, {}, (data) => data.items);
  const shown = () => pages.now().nodes.map((node) => node.id);
  return { ids, asked, line, pages, shown };
}

test("a list grows by a page and ends at its end", async () => {
  const { pages, shown } = server(9, 8, 7, 6, 5);
  const changed = vi.fn();
  const leave = pages.watch(changed);
  await vi.waitFor(() => expect(shown()).toEqual(["9", "8"]));
  expect(pages.now()).toMatchObject({ total: 5, hasNextPage: true, empty: false, error: undefined });
  pages.next();
  await vi.waitFor(() => expect(shown()).toEqual(["9", "8", "7", "6"]));
  pages.next();
  await vi.waitFor(() => expect(shown()).toEqual(["9", "8", "7", "6", "5"]));
  expect(pages.now().hasNextPage).toBe(false);
  pages.next();
  await vi.waitFor(() => expect(shown()).toHaveLength(5));
  expect(changed).toHaveBeenCalled();
  leave();
});

test("while the next page is on its way there is still one to come", async () => {
  const { line, pages, shown } = server(8, 7, 6, 5);
  pages.watch(() => {});
  await vi.waitFor(() => expect(shown()).toHaveLength(2));
  let letGo = () => {};
  line.held = new Promise((resolve) => {
    letGo = resolve;
  });
  pages.next();
  expect(pages.now()).toMatchObject({ hasNextPage: true, loading: true });
  letGo();
  await vi.waitFor(() => expect(pages.now()).toMatchObject({ hasNextPage: false, loading: false }));
});

test("a page that cannot be had does not pass for the end, and is asked for again", async () => {
  const { line, pages, shown } = server(8, 7, 6, 5);
  pages.watch(() => {});
  await vi.waitFor(() => expect(shown()).toHaveLength(2));
  line.broken = true;
  pages.next();
  await vi.waitFor(() => expect(pages.now().error).toBeDefined());
  expect(pages.now()).toMatchObject({ hasNextPage: true, loading: false, total: 4 });
  expect(shown()).toEqual(["8", "7"]);
  line.broken = false;
  pages.next();
  await vi.waitFor(() => expect(shown()).toEqual(["8", "7", "6", "5"]));
  expect(pages.now()).toMatchObject({ hasNextPage: false, error: undefined });
});

test("somebody who comes in above pushes nobody out between two pages", async () => {
  const { ids, pages, shown } = server(8, 7, 6, 5);
  pages.watch(() => {});
  await vi.waitFor(() => expect(shown()).toHaveLength(2));
  pages.next();
  await vi.waitFor(() => expect(shown()).toHaveLength(4));
  ids.unshift(9);
  pages.again();
  await vi.waitFor(() => expect(shown()).toEqual(["9", "8", "7", "6"]));
});

test("a page that has become the last lets go of those behind it", async () => {
  const { ids, pages, shown } = server(8, 7, 6, 5);
  pages.watch(() => {});
  await vi.waitFor(() => expect(shown()).toHaveLength(2));
  pages.next();
  await vi.waitFor(() => expect(shown()).toHaveLength(4));
  ids.splice(1, 3);
  pages.again();
  await vi.waitFor(() => expect(shown()).toEqual(["8"]));
});
