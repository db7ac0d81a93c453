import type { English } from "../i18n";
import type { ja } from "./intake.ja";

export const en: English<typeof ja> = {
  status: {
    QUEUED: "Queued",
    RUNNING: "Importing",
    SUCCEEDED: "Done",
    QUARANTINED: "Quarantined",
    FAILED: "Failed",
    CANCELLED: "Cancelled",
  },
  number: {
    seen: "Applications found",
    lines: "Lines processed",
    known: "Already imported",
    imported: "New",
    invalid: "Unreadable",
    routed: "Routed",
    waiting: "Waiting",
  },
  equals: "=",
  plus: "+",
  duration: {
    none: "less than a second",
    seconds: "{{seconds}} s",
    minutes: "{{minutes}} min {{seconds}} s",
    hours: "{{hours}} h {{minutes}} min",
  },
  entries: {
    title: "Imported applications",
    none: "No new applications",
    candidate: "Candidate",
    position: "Position",
    appliedAt: "Applied",
    state: "Routing",
    toInbox: "Open in inbox",
    toInboxOf: "Open {{name}} in inbox",
    scout: "Scout reply",
    ROUTED: "Routed",
    WAITING: "Waiting",
    EXCLUDED: "Excluded",
  },
};
