/** The instants between which the days of the reader's zone lie: from the first one's beginning to the last one's end. */
export function instants(days: { from?: string | undefined; to?: string | undefined }): {
  from: string | null;
  to: string | null;
} {
  return { from: beginning(days.from, 0), to: beginning(days.to, 1) };
}

/** When the day begins that is so many days behind another; null for what is no day. */
function beginning(day: string | undefined, behind: number): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? "");
  if (!parts) return null;
  const at = new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + behind);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** Where the log of these days is to be had as a file. */
export function csvOf(days: { from?: string | undefined; to?: string | undefined }): string {
  const query = new URLSearchParams();
  for (const [name, at] of Object.entries(instants(days))) if (at) query.set(name, at);
  return query.size ? `/audit.csv?${query}` : "/audit.csv";
}
