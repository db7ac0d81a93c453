import { media, oneOf } from "../../parts/media";
import type { InboxListQueryVariables } from "./__generated__/inbox";

/** What the address of the inbox says, as it stands there. */
export interface InboxSearch {
  state?: string;
  medium?: string;
  position?: string;
  reason?: string;
  opening?: string;
  since?: string;
  search?: string;
  entry?: string;
}

export type Filters = Omit<InboxListQueryVariables, "after">;
export type State = NonNullable<Filters["state"]>;
export type Reason = NonNullable<Filters["waitingReason"]>;

export const states: readonly State[] = ["WAITING", "ROUTED", "EXCLUDED"];
export const reasons: readonly Reason[] = ["NO_RULE", "OPENING_CLOSED", "UNDONE"];

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The reader's midnight at which a day begins; null where it is no day. */
function beginOf(day: string | undefined): string | null {
  const at = new Date(`${day ?? ""}T00:00:00`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The tab that is open: 滞留, unless the address says otherwise. */
export function stateOf(search: InboxSearch): State {
  return oneOf(states, search.state) ?? "WAITING";
}

/** What the list is asked for. What the address says and nobody knows is left out. */
export function filtersOf(search: InboxSearch): Filters {
  const state = stateOf(search);
  return {
    state,
    medium: oneOf(media, search.medium) ?? null,
    positionName: search.position ?? null,
    waitingReason: state === "WAITING" ? (oneOf(reasons, search.reason) ?? null) : null,
    openingId: state === "ROUTED" && search.opening && uuid.test(search.opening) ? search.opening : null,
    appliedSince: beginOf(search.since),
    search: search.search ?? null,
  };
}

/** How many filters are set, besides the tab and the words that are searched for. */
export function countOf({ medium, positionName, waitingReason, openingId, appliedSince }: Filters): number {
  return [medium, positionName, waitingReason, openingId, appliedSince].filter((each) => each != null).length;
}

/** The address of the list as a file for spreadsheets. */
export function csvAddress(filters: Filters, language: string, zone: string): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value != null) parameters.set(name, value);
  parameters.set("lang", language);
  parameters.set("zone", zone);
  return `/inbox.csv?${parameters}`;
}
