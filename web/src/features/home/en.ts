import type { English } from "../../i18n";
import type { ja } from "./ja";

export const en: English<typeof ja> = {
  title: "Home",
  steps: {
    title: "Getting started",
    lead: "Three steps to bring Wantedly applications into your hiring pipeline.",
    progress: "{{done}} of {{all}} done",
    done: "Done",
    link: {
      title: "Link Wantedly",
      text: "Register a Wantedly account to import new applications and scout replies automatically.",
      go: "Register an account",
      verifying: "View progress",
      failed: "See what went wrong",
      others: "Only administrators can link accounts.",
    },
    route: {
      title: "Route applications to an opening",
      text: "A routing rule sends everyone who applies for a position, including those already waiting, to an opening.",
      go: "Create a routing rule",
      opening: "Create an opening",
      needsOpening: "First, create the opening to route people to.",
    },
    move: {
      title: "Move an applicant forward",
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
    open: "View link",
  },
  waiting: {
    title: "Waiting to be routed",
    count_one: "{{count}} person",
    count_other: "{{count}} people",
    since: "Oldest imported",
    none: "No one is waiting",
    noneHint: "Your routing rules send new applications to their openings.",
    rule: "New rule",
    ruleFor: "New routing rule for “{{position}}”",
    closed: "Waiting for “{{opening}}” to reopen",
    all: "Open inbox",
    unnamed: "(no position name)",
  },
  openings: {
    title: "Openings",
    none: "No open openings",
    noneHint: "Create an opening to route applications to it.",
    create: "Create an opening",
    inProgress_one: "{{count}} in selection",
    inProgress_other: "{{count}} in selection",
    full: "Full",
    more: "View all openings",
    step: "{{step}}: {{count}}",
  },
  incidents: {
    title: "Needs attention",
    none: "Nothing needs attention",
    open: "View incidents",
  },
};
