import type { BannerIncidentFragment } from "./__generated__/incident-banner";

type Kind = BannerIncidentFragment["kind"];

/** Where one goes to mend an incident, or to see how far it is. */
export const mendingPlace = {
  LINK_FAILED: "/links/wantedly",
  STALE: "/imports",
  WAITING: "/inbox",
  QUARANTINED: "/imports",
  MEDIUM_OUTAGE: "/imports",
} as const satisfies Record<Kind, string>;

const remembered = "renkei.folded";

/** The incidents that were folded away in this browser session. */
export function foldedIncidents(): readonly string[] {
  return sessionStorage.getItem(remembered)?.split(" ") ?? [];
}

/** Folds incidents away until the browser session ends; whatever is opened later is shown nevertheless. */
export function foldIncidents(ids: readonly string[]): void {
  if (ids.length > 0) sessionStorage.setItem(remembered, ids.join(" "));
  else sessionStorage.removeItem(remembered);
}
