/** Whether a token opens anything at an instant, and if not, why. */
export function stateOf(
  token: { readonly expiresAt: string | null; readonly revokedAt: string | null },
  now: number,
): "works" | "expired" | "revoked" {
  if (token.revokedAt) return "revoked";
  return token.expiresAt && Date.parse(token.expiresAt) <= now ? "expired" : "works";
}
