import { expect, test } from "vitest";
import type { HomeInboxQuery, HomeLinkQuery, HomeOpeningsQuery } from "./__generated__/home";
import { progress } from "./progress";

type Status = HomeLinkQuery["accounts"][number]["status"];

const link = (status: Status): HomeLinkQuery => ({
  accounts: [
    {
      id: "a",
      email: "a@a.example",
      status,
      health: "HEALTHY",
      failure: null,
      lastImportedAt: null,
      nextImportAt: null,
      revision: 1,
    },
  ],
});
const inbox = (waiting: number, routed: number): HomeInboxQuery => ({
  inboxSummary: { waiting, routed, oldestWaitingAt: null },
  waitingPositions: [],
});
const openings = (rules: number, selectionBegun = false): HomeOpeningsQuery => ({
  openings: { totalCount: 1 },
  busiestOpenings: [],
  selectionBegun,
  routingRules: { totalCount: rules },
});

test("nothing is ticked off for a company that has just begun, nor while a sign-in is being tried or has failed", () => {
  const begun = { link: false, route: false, move: false };
  expect(progress({})).toEqual(begun);
  for (const status of ["UNLINKED", "VERIFYING", "AUTH_FAILED", "SYSTEM_ERROR"] as const)
    expect(progress({ link: link(status), inbox: inbox(0, 0), openings: openings(0) }), status).toEqual(begun);
});

test("people who came in before tick the link off, though it was stopped since", () => {
  expect(progress({ link: link("UNLINKED"), inbox: inbox(3, 0) })).toMatchObject({ link: true, route: false });
});

test("a rule that has matched nobody yet is a rule", () => {
  expect(progress({ link: link("LINKED"), inbox: inbox(3, 0), openings: openings(1) })).toEqual({
    link: true,
    route: true,
    move: false,
  });
});

test("somebody has been moved on as soon as the server knows of one", () => {
  expect(progress({ openings: openings(1) }).move).toBe(false);
  expect(progress({ openings: openings(1, true) }).move).toBe(true);
});
