import type { English } from "../i18n";
import type { ja } from "./intake.ja";

export const en: English<typeof ja> = {
  status: {
    QUEUED: "Queued",
    RUNNING: "Importing",
    SUCCEEDED: "Done",
    QUARANTINED: "Held back",
    FAILED: "Failed",
    CANCELLED: "Cancelled",
  },
  number: {
    seen: "Applications found",
    lines: "Lines dealt with",
    known: "Known already",
    imported: "New",
    invalid: "Unreadable",
    routed: "Routed",
    waiting: "Waiting",
    hidden: "Not open to the account",
  },
  equals: "=",
  plus: "+",
  duration: {
    none: "under a second",
    seconds: "{{seconds}} s",
    minutes: "{{minutes}} min {{seconds}} s",
    hours: "{{hours}} h {{minutes}} min",
  },
  entries: {
    title: "What came in",
    none: "Nothing new came in",
    candidate: "Candidate",
    position: "Position",
    appliedAt: "Applied",
    state: "Routing",
    toInbox: "Open in the inbox",
    toInboxOf: "Open {{name}} in the inbox",
    scout: "Scout reply",
    ROUTED: "Routed",
    WAITING: "Waiting",
    EXCLUDED: "Excluded",
  },
};
