import type { HomeInboxQuery, HomeLinkQuery, HomeOpeningsQuery } from "./__generated__/home";

export type Step = "link" | "route" | "move";

/** What home knows; what somebody may not see, and what is still being read, is not there. */
export interface Known {
  link?: HomeLinkQuery | undefined;
  inbox?: HomeInboxQuery | undefined;
  openings?: HomeOpeningsQuery | undefined;
}

/** Which of a first-time visitor's steps are behind the company. */
export function progress({ link, inbox, openings }: Known): Record<Step, boolean> {
  const cameIn = inbox ? inbox.inboxSummary.waiting + inbox.inboxSummary.routed > 0 : false;
  return {
    // Somebody who has stopped the link since needs no introduction.
    link: cameIn || Boolean(link?.accounts.some(({ status }) => status === "LINKED")),
    route: Boolean(inbox && inbox.inboxSummary.routed > 0) || Boolean(openings && openings.routingRules.totalCount > 0),
    move: Boolean(openings?.selectionBegun),
  };
}

/** How many selections of an opening are under way. */
export function inProgress({ stepCounts }: Pick<HomeOpeningsQuery["busiestOpenings"][number], "stepCounts">): number {
  return stepCounts.reduce((sum, step) => sum + step.inProgress, 0);
}
