import type { AnyVariables, Client, CombinedError, TypedDocumentNode } from "@urql/core";
import { useState, useSyncExternalStore } from "react";
import { useClient } from "urql";

/** A page of a list, as the API has them all. */
export interface Connection<Node> {
  readonly nodes: readonly Node[];
  readonly totalCount?: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

/** As much of a list as was asked for. */
export interface Paged<Node> {
  nodes: readonly Node[];
  /** How many there are in all; 0 while that is not known, or where the list does not count. */
  total: number;
  /** Nothing has come yet: show a skeleton. */
  empty: boolean;
  loading: boolean;
  hasNextPage: boolean;
  error: CombinedError | undefined;
}

interface PageOfList<Node> {
  after: string | null;
  connection: Connection<Node> | undefined;
  error: CombinedError | undefined;
  loading: boolean;
  end: () => void;
}

type Pick<Data, Node> = (data: Data) => Connection<Node> | null | undefined;

const nothing: Paged<never> = {
  nodes: [],
  total: 0,
  empty: true,
  loading: true,
  hasNextPage: false,
  error: undefined,
};

/**
 * The first pages of a list. Each begins where the one before it ends now: when something comes in above, the pages
 * below follow, and nobody falls between two of them.
 */
export class Pages<Data, Node extends { readonly id: string }> {
  private pages: PageOfList<Node>[] = [];
  private wanted = 1;
  private snapshot: Paged<Node> = nothing;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly client: Client,
    private readonly query: TypedDocumentNode<Data, AnyVariables>,
    private readonly variables: Record<string, unknown>,
    private readonly pick: Pick<Data, Node>,
  ) {}

  readonly watch = (changed: () => void): (() => void) => {
    this.watchers.add(changed);
    if (this.pages.length === 0) this.ask(0, null);
    return () => {
      this.watchers.delete(changed);
      if (this.watchers.size === 0) this.drop(0);
    };
  };

  readonly now = (): Paged<Node> => this.snapshot;

  /** Asks for one page more; for the same once more where it could not be had. */
  readonly next = (): void => {
    const last = this.pages.length - 1;
    const page = this.pages[last];
    if (page?.error && !page.connection) this.ask(last, page.after, "network-only");
    if (!page?.connection?.pageInfo.hasNextPage) return;
    this.wanted = this.pages.length + 1;
    this.settle(last);
  };

  /** Asks for everything once more, past the cache. */
  readonly again = (): void => {
    this.pages.forEach((page, i) => {
      this.ask(i, page.after, "network-only");
    });
  };

  private ask(
    i: number,
    after: string | null,
    requestPolicy: "cache-and-network" | "network-only" = "cache-and-network",
  ) {
    const before = this.pages[i];
    before?.end();
    // What was shown stays until what comes instead is here.
    const page: PageOfList<Node> = {
      after,
      connection: before?.connection,
      error: undefined,
      loading: true,
      end: () => {},
    };
    this.pages[i] = page;
    const asked = this.client.query(this.query, { ...this.variables, after }, { requestPolicy }).subscribe((result) => {
      if (this.pages[i] !== page) return;
      const connection = result.data ? this.pick(result.data) : undefined;
      if (connection) page.connection = connection;
      page.error = result.error;
      page.loading = Boolean(result.stale);
      this.settle(i);
    });
    page.end = asked.unsubscribe;
    this.tell();
  }

  private drop(from: number) {
    for (const page of this.pages.splice(from)) page.end();
  }

  /** Makes what follows page i begin at its end. */
  private settle(i: number) {
    const info = this.pages[i]?.connection?.pageInfo;
    if (info && !info.hasNextPage) this.drop(i + 1);
    else if (info && i + 1 < this.wanted && this.pages[i + 1]?.after !== info.endCursor)
      this.ask(i + 1, info.endCursor ?? null);
    this.tell();
  }

  private tell() {
    const byId = new Map<string, Node>();
    for (const page of this.pages)
      for (const node of page.connection?.nodes ?? []) if (!byId.has(node.id)) byId.set(node.id, node);
    // A page on its way, or one that could not be had, says nothing of what comes after it.
    const last = this.pages.findLast((page) => page.connection);
    this.snapshot = {
      nodes: [...byId.values()],
      total: this.pages[0]?.connection?.totalCount ?? 0,
      empty: !this.pages[0]?.connection,
      loading: this.pages.some((page) => page.loading),
      hasNextPage: last?.connection?.pageInfo.hasNextPage ?? false,
      error: this.pages.find((page) => page.error)?.error,
    };
    for (const changed of this.watchers) changed();
  }
}

/**
 * A list that grows by a page when `next` is called. What a mutation or an event makes stale is read anew by itself.
 * The query takes `after`; `variables` are the rest.
 */
export function usePaged<Data, Variables extends AnyVariables, Node extends { readonly id: string }>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, "after">,
  pick: Pick<Data, Node>,
): Paged<Node> & { next: () => void; again: () => void } {
  const client = useClient();
  const make = () =>
    new Pages<Data, Node>(
      client,
      query as TypedDocumentNode<Data, AnyVariables>,
      variables as Record<string, unknown>,
      pick,
    );
  const [pages, setPages] = useState(make);
  const asked = JSON.stringify(variables);
  const [askedBefore, setAskedBefore] = useState(asked);
  if (asked !== askedBefore) {
    setAskedBefore(asked);
    setPages(make());
  }
  const list = useSyncExternalStore(pages.watch, pages.now);
  return { ...list, next: pages.next, again: pages.again };
}
