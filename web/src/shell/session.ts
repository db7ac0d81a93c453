/** What the server says of what was sent to it. */
export interface Refusal {
  readonly errors: readonly { readonly message: string; readonly field?: readonly string[] }[];
  /** From when on it listens again; null where it does not say. */
  readonly after: Date | null;
}

/** What else than a password lets somebody in. */
export interface Provider {
  issuer: string;
  start: string;
}

async function post(path: string, body: object): Promise<Response> {
  return fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "accept-language": document.documentElement.lang },
    body: JSON.stringify(body),
  });
}

/** Sends something about who one is. Null where it went well; without errors where the server could not be reached. */
async function send(path: string, body: object): Promise<Refusal | null> {
  try {
    const answer = await post(path, body);
    if (answer.ok) return null;
    const seconds = Number(answer.headers.get("retry-after"));
    const said = (await answer.json()) as { errors?: Refusal["errors"] };
    return { errors: said.errors ?? [], after: seconds > 0 ? new Date(Date.now() + seconds * 1_000) : null };
  } catch {
    return { errors: [], after: null };
  }
}

/** Begins a session. */
export function signIn(email: string, password: string): Promise<Refusal | null> {
  return send("/auth/sign-in", { email, password });
}

/** Gives the viewer another password, which ends their other sessions. */
export function changePassword(current: string, next: string): Promise<Refusal | null> {
  return send("/auth/password", { current, new: next });
}

/** The company's identity provider; null where there is none, and where the server does not say. */
export async function askProvider(): Promise<Provider | null> {
  try {
    const answer = await fetch("/auth/methods");
    return answer.ok ? ((await answer.json()) as { oidc: Provider | null }).oidc : null;
  } catch {
    return null;
  }
}

/** Ends the session, and with it everything that this page knows. */
export async function signOut(): Promise<void> {
  await post("/auth/sign-out", {}).catch(() => undefined);
  location.assign("/sign-in");
}

/** Where somebody wanted to go who has to sign in first: always a path of ours. */
export function wantedPlace(at: { pathname: string; search: string; origin: string }): string {
  if (at.pathname !== "/sign-in") return at.pathname + at.search;
  try {
    const next = new URL(new URLSearchParams(at.search).get("next") ?? "/", at.origin);
    const ours = next.origin === at.origin && next.pathname !== "/sign-in" && !next.pathname.startsWith("//");
    return ours ? next.pathname + next.search : "/";
  } catch {
    return "/";
  }
}
