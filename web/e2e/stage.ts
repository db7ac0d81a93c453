import { type Browser, type BrowserContext, test as base, expect, type Page } from "@playwright/test";

const control = `http://127.0.0.1:${process.env.STAGE_PORT ?? "7480"}`;

export interface Member {
  id: string;
  name: string;
  email: string;
  password: string;
  roles: string;
  token: string;
}

// What an import may take on a machine that has other work.
const importedWithin = 60_000;

/** What one asks the API for; `data` is typed by whoever asks. */
type Ask = <Data = Record<string, unknown>>(query: string, variables?: Record<string, unknown>) => Promise<Data>;

async function call<Answer>(url: string, body?: object, method = body ? "POST" : "GET"): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return (text ? JSON.parse(text) : {}) as Answer;
}

/** A company of the test's own, at the program, with its people and its part of Wantedly. */
export class Company {
  /** The domain of its people's addresses, at Renkei and at Wantedly: whoever is there is nobody else's. */
  readonly domain: string;

  private constructor(
    readonly id: string,
    readonly name: string,
    readonly url: string,
    readonly wantedly: string,
    readonly members: Member[],
    domain: string,
  ) {
    this.domain = domain;
  }

  /** Founds a company with an administrator who also recruits, and `others`: a name and roles each. The domain is nobody else's. */
  static async found(
    others: { name: string; roles: string }[] = [],
    domain = `${Math.random().toString(36).slice(2, 10)}.example`,
  ): Promise<Company> {
    const at = await call<{ url: string; wantedly: string }>(control);
    const people = [{ name: "見本 花子", roles: "ADMIN,RECRUITER" }, ...others];
    const founded = await call<{ id: string; members: Member[] }>(`${control}/companies`, {
      name: "株式会社サンプル",
      members: people.map((person, i) => ({
        ...person,
        email: `member${i}@${domain}`,
        password: `kashikoi-${domain}`,
      })),
    });
    return new Company(founded.id, "株式会社サンプル", at.url, at.wantedly, founded.members, domain);
  }

  /** The administrator who also recruits. */
  get admin(): Member {
    const [first] = this.members;
    if (!first) throw new Error("a company has an administrator");
    return first;
  }

  /** Asks the API, as the administrator unless somebody else is named. */
  readonly ask: Ask = async <Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> => {
    const answer = await fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${this.admin.token}` },
      body: JSON.stringify({ query, variables }),
    });
    const said = (await answer.json()) as { data?: Data; errors?: { message: string }[] };
    if (said.errors?.length || !said.data) throw new Error(`${query}: ${JSON.stringify(said.errors)}`);
    return said.data;
  };

  /** An opening of the company's own. */
  async opening(name: string): Promise<string> {
    const made = await this.ask<{ createOpening: { opening: { id: string } } }>(
      "mutation($name: String!) { createOpening(input: {name: $name}) { opening { id } errors { message } } }",
      { name },
    );
    return made.createOpening.opening.id;
  }

  /** A rule, and how many it routed at once. */
  async rule(positionName: string, openingId: string): Promise<number> {
    const made = await this.ask<{ createRoutingRule: { routedCount: number; rule: { id: string } } }>(
      `mutation($input: RoutingRuleInput!) { createRoutingRule(input: $input) { routedCount rule { id } errors { message } } }`,
      { input: { medium: "WANTEDLY", positionName, openingId } },
    );
    return made.createRoutingRule.routedCount;
  }

  /** Has `count` people apply on Wantedly from the past weeks on; they come in when the account is imported. */
  async apply(tickets: {
    position?: string;
    name?: string;
    kind?: "APPLIED" | "SCOUT_REPLIED";
    count?: number;
  }): Promise<void> {
    await this.atWantedly("tickets", { domain: this.domain, ...tickets });
  }

  /** Links the company's account on Wantedly and waits until its first import is in. The part before the @ decides how it goes. */
  async link(who = "ok"): Promise<string> {
    const from = new Date(Date.now() - 29 * 24 * 3600_000).toISOString();
    const made = await this.ask<{ registerAccount: { account: { id: string } } }>(
      "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { account { id } errors { message } } }",
      { input: { email: `${who}@${this.domain}`, password: "password", importFrom: from } },
    );
    const { id } = made.registerAccount.account;
    await expect(async () => {
      const { account } = await this.ask<{ account: { importRuns: { nodes: { status: string }[] } } }>(
        "query($id: ID!) { account(id: $id) { importRuns(first: 1) { nodes { status } } } }",
        { id },
      );
      expect(account.importRuns.nodes[0]?.status).toBe("SUCCEEDED");
    }).toPass({ timeout: importedWithin });
    return id;
  }

  /** Has an account imported, whatever becomes of it; the run. */
  async importNow(accountId: string): Promise<string> {
    const { importNow } = await this.ask<{ importNow: { run: { id: string } | null; errors: object[] } }>(
      "mutation($id: ID!) { importNow(accountId: $id) { run { id } errors { message } } }",
      { id: accountId },
    );
    if (!importNow.run) throw new Error(`nothing is imported: ${JSON.stringify(importNow.errors)}`);
    return importNow.run.id;
  }

  /** Imports once more, and waits until that is over. */
  async import(accountId: string): Promise<void> {
    const id = await this.importNow(accountId);
    await expect(async () => {
      const { node } = await this.ask<{ node: { finishedAt: string | null } }>(
        "query($id: ID!) { node(id: $id) { ... on ImportRun { finishedAt } } }",
        { id },
      );
      expect(node.finishedAt).toBeTruthy();
    }).toPass({ timeout: importedWithin });
  }

  /** Has Wantedly behave in another way: see the control API of its simulator. */
  async atWantedly<Answer>(what: string, body: object): Promise<Answer> {
    return call<Answer>(`${this.wantedly}/_control/${what}`, body);
  }

  /**
   * Has Wantedly answer one of its accounts no more, from behind so many answers of a kind on, until it is let go:
   * what is under way stands still meanwhile, however long somebody looks at it.
   */
  async hold(email: string, kind: "list" | "ticket", after = 0): Promise<() => Promise<void>> {
    await this.atWantedly("faults", { email, faults: [{ do: "hold", kind, after }] });
    return () => this.atWantedly("faults", { email, faults: [] });
  }

  /** Has the imports of the company's files stand still where they are, until they are let go. */
  async holdFiles(): Promise<() => Promise<void>> {
    const at = `${control}/companies/${this.id}/files`;
    await call(`${at}/hold`, {});
    return () => call(`${at}/release`, {});
  }

  /** A browser of its own in which a member is signed in, at the start page or another path. */
  async signIn(browser: Browser, path = "/", member: Member = this.admin, at: string = this.url): Promise<Page> {
    const context = await browser.newContext({ baseURL: at });
    await enter(context, at, member);
    const page = await context.newPage();
    await page.goto(path);
    return page;
  }
}

/** An address that nobody else comes from. */
function somewhere(): string {
  const part = () => Math.floor(Math.random() * 254) + 1;
  return `10.${part()}.${part()}.${part()}`;
}

/** Signs a member in, in all pages of a context. */
export async function enter(context: BrowserContext, at: string, member: Member): Promise<void> {
  const answer = await context.request.post(`${at}/auth/sign-in`, {
    data: { email: member.email, password: member.password },
    // Everybody has a place of their own: who tries too often from one is not let in.
    headers: { origin: at, "x-forwarded-for": somewhere() },
  });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** A way to the program that can be cut and mended without anybody else noticing. */
export async function openDoor(): Promise<{ url: string; turn: (what: "cut" | "silence" | "mend") => Promise<void> }> {
  const made = await call<{ url: string; name: string }>(`${control}/doors`, {});
  return { url: made.url, turn: async (what) => void (await call(`${control}/doors/${made.name}/${what}`, {})) };
}

/** Has the answers to one of a page's questions wait until they are let go. */
export async function holdAnswers(page: Page, operationName: string): Promise<() => void> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route("**/graphql", async (route) => {
    const asked = route.request().postDataJSON() as { operationName?: string } | null;
    if (asked?.operationName === operationName) await held;
    await route.fallback();
  });
  return letGo;
}

/** The file of the program that everybody plays with. */
export async function program(): Promise<string> {
  return (await call<{ program: string }>(control)).program;
}

/** What a page's browser complains of: what breaks, and what the Content-Security-Policy stops, is in its console. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  // A line that is cut is the business of whoever cuts it; of a ResizeObserver that was not done, Chromium says so itself.
  const expected = /Failed to load resource|WebSocket connection|^ResizeObserver loop/;
  const note = (said: string) => {
    if (!expected.test(said)) complaints.push(said);
  };
  page.on("pageerror", (error) => note(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") note(message.text());
  });
  return complaints;
}

/** A test with a company of its own, and a page on which its administrator is signed in. */
export const test = base.extend<{ company: Company; signedIn: Page; closed: undefined }>({
  // A page that is left open goes on listening, beside every later test.
  closed: [
    async ({ browser }, use) => {
      await use(undefined);
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    { auto: true },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs off its first argument
  company: async ({}, use) => use(await Company.found()),
  signedIn: async ({ company, browser }, use) => {
    const page = await company.signIn(browser);
    const complaints = complaintsOf(page);
    await use(page);
    expect(complaints, "what the browser complains of").toEqual([]);
  },
});

export { expect };
