import type { Cache, CacheExchangeOpts, DataFields, KeyingConfig, UpdateResolver } from "@urql/exchange-graphcache";
import { embedded, events, mutations, revised } from "./__generated__/types";

// What has no id is kept within what it is of.
const keys: KeyingConfig = Object.fromEntries(embedded.map((type) => [type, () => null]));

/** What a mutation or an event makes stale: fields of Query, which are read anew where they are on screen. */
const inbox = ["inbox", "inboxSummary", "waitingPositions", "routingActions", "previewRoutingRule"];
const rules = [...inbox, "routingRules"];
const openings = [...rules, "openings", "busiestOpenings"];
const selection = ["applications", "busiestOpenings", "selectionBegun"];
const people = ["candidates", "possibleDuplicates", "previewMerge", "inbox", "applications"];
// Who is the last administrator may be another now, and what the viewer may do.
const members = ["members", "node", "viewer"];

type Change = (typeof mutations)[number] | (typeof events)[number];

const stale: { readonly [of in Change]?: readonly string[] } = {
  registerAccount: ["accounts", "incidents"],
  stopAccount: ["accounts", "importRuns", "incidents"],
  importNow: ["importRuns"],
  retryInvalidRecords: ["invalidRecords"],
  createRoutingRule: openings,
  updateRoutingRule: openings,
  deleteRoutingRule: openings,
  importRoutingRules: openings,
  routeEntry: [...openings, ...selection],
  routeEntries: [...openings, ...selection],
  excludeEntry: inbox,
  excludeEntries: inbox,
  restoreEntry: inbox,
  restoreEntries: inbox,
  undoRoutingAction: [...openings, ...selection],
  createOpening: openings,
  updateOpening: openings,
  closeOpening: openings,
  reopenOpening: openings,
  moveApplication: selection,
  closeApplication: selection,
  reopenApplication: selection,
  rerouteApplication: selection,
  moveApplications: selection,
  closeApplications: selection,
  updateCandidate: people,
  dismissDuplicate: people,
  restoreDuplicate: people,
  mergeCandidates: [...people, "node"],
  undoMerge: [...people, "node"],
  eraseCandidate: [...people, ...inbox, "erasures", "candidate", "node"],
  importApplicants: ["fileImports"],
  cancelApplicantFile: ["fileImports"],
  inviteMember: ["members"],
  updateMemberRoles: members,
  disableMember: members,
  enableMember: members,
  createToken: ["viewer", "members"],
  revokeToken: ["viewer", "members"],
  endSession: ["viewer"],
  endOtherSessions: ["viewer"],
  updateNotificationPreferences: ["viewer"],
  addNotificationEndpoint: ["notificationEndpoints"],
  removeNotificationEndpoint: ["notificationEndpoints"],
  sendTestNotification: ["notificationEndpoints", "node"],
  replayNotification: ["notificationEndpoints", "incidents", "node"],
  accountStatusChanged: ["accounts"],
  importRunChanged: ["importRuns", "invalidRecords"],
  inboxChanged: [...inbox, "routingRules", "candidates", ...selection],
  openingChanged: ["openings", "busiestOpenings"],
  selectionChanged: selection,
  fileImportChanged: ["fileImports"],
  incidentChanged: ["incidents"],
};

/** The fields of Query that mutations or events make stale. */
export function madeStale(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => stale[name as Change] ?? []);
}

/** Forgets fields of Query: what is on screen of them is read anew. */
export function forget(cache: Cache, which: (field: string) => boolean): void {
  for (const field of cache.inspectFields("Query")) {
    if (which(field.fieldName)) cache.invalidate("Query", field.fieldName, field.arguments);
  }
}

/** How the cache knows things, and what makes them stale; each cache has its own. */
export function cacheOptions(): Partial<CacheExchangeOpts> {
  // A mutation's answer may come behind the events of what followed it. Where it told what is older than what was known,
  // all that is on screen is read anew. Not the thing itself: the answer is read from the cache too.
  const known = new Map<string, number>();
  let older = false;
  const compare: UpdateResolver<DataFields> = ({ revision }, _args, _cache, { parentKey, optimistic }) => {
    if (optimistic || typeof revision !== "number") return;
    older ||= revision < (known.get(parentKey) ?? revision);
    known.set(parentKey, revision);
  };
  const changed =
    (name: Change): UpdateResolver<DataFields> =>
    (_result, _args, cache, { optimistic }) => {
      const fields = madeStale([name]);
      const all = older && !optimistic;
      forget(cache, (field) => fields.includes(field) || (all && field !== "viewer"));
      if (!optimistic) older = false;
    };
  const updating = (names: readonly Change[]) => Object.fromEntries(names.map((name) => [name, changed(name)]));
  return {
    keys,
    updates: {
      ...Object.fromEntries(revised.map((type) => [type, { revision: compare }])),
      Mutation: updating(mutations),
      Subscription: updating(events),
    },
  };
}
