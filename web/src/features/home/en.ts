import type { English } from "../../i18n";
import type { ja } from "./ja";

export const en: English<typeof ja> = {
  title: "Home",
  steps: {
    title: "Getting started",
    lead: "Three steps bring applications on Wantedly into your selections.",
    progress: "{{done}} of {{all}} done",
    done: "Done",
    link: {
      title: "Link Wantedly",
      text: "Register a Wantedly account, and new applications and replies to scouts come in by themselves.",
      go: "Register an account",
      verifying: "See how it goes",
      failed: "Look at what went wrong",
      others: "Administrators link accounts.",
    },
    route: {
      title: "Route applications to an opening",
      text: "A routing rule ties a position name to an opening. Whoever waits, and whoever comes later, is routed by it.",
      go: "Make a routing rule",
      opening: "Make an opening",
      needsOpening: "First make the opening that people are to be routed to.",
    },
    move: {
      title: "Move somebody on",
      text: "Open an opening and move an applicant to the next step.",
      go: "Go to selection",
    },
  },
  link: {
    title: "Wantedly",
    none: "No account is linked.",
    lastImported: "Last import",
    notImported: "None yet",
    nextImport: "Next import",
    open: "See the link",
  },
  waiting: {
    title: "Waiting to be routed",
    count_one: "{{count}} person",
    count_other: "{{count}} people",
    since: "The oldest came in",
    none: "Nobody waits",
    noneHint: "New applications go to their openings by your routing rules.",
    rule: "New rule",
    ruleFor: "New routing rule for “{{position}}”",
    closed: "Waits for “{{opening}}” to open again",
    all: "Open the inbox",
    unnamed: "(no position name)",
  },
  openings: {
    title: "Openings",
    none: "No opening is open",
    noneHint: "Make an opening, and applications can be routed to it.",
    create: "Make an opening",
    inProgress_one: "{{count}} in selection",
    inProgress_other: "{{count}} in selection",
    full: "Full",
    more: "See all openings",
    step: "{{step}}: {{count}}",
  },
  incidents: {
    title: "Needs attention",
    none: "Nothing needs attention",
    open: "See the incidents",
  },
};
