/** Why some were left out, each reason once, with how many it holds for. */
export function reasonsOf(refused: readonly { readonly message: string }[]): { message: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { message } of refused) counts.set(message, (counts.get(message) ?? 0) + 1);
  return [...counts].map(([message, count]) => ({ message, count }));
}
