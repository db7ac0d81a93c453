/** What the server says to somebody who signs in. */
export type SignIn = { ok: true } | { ok: false; message: string | null };

async function post(path: string, body: object): Promise<Response> {
  return fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "accept-language": document.documentElement.lang },
    body: JSON.stringify(body),
  });
}

/** Begins a session. A refusal carries what the server says of it; null where it could not be reached. */
export async function signIn(email: string, password: string): Promise<SignIn> {
  try {
    const answer = await post("/auth/sign-in", { email, password });
    if (answer.ok) return { ok: true };
    const said = (await answer.json()) as { errors?: { message: string }[] };
    return { ok: false, message: said.errors?.[0]?.message ?? null };
  } catch {
    return { ok: false, message: null };
  }
}

/** Ends the session, and with it everything that this page knows. */
export async function signOut(): Promise<void> {
  await post("/auth/sign-out", {}).catch(() => undefined);
  location.assign("/sign-in");
}
