/** What stands still, above every page. */
export function IncidentBanner() {
  return null;
}
