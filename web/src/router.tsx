import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  parseSearchWith,
  redirect,
  stringifySearchWith,
} from "@tanstack/react-router";
import type { Permission } from "./graphql/viewer";
import { ListSkeleton } from "./parts/page";
import { Broken } from "./shell/broken";
import { Frame } from "./shell/frame";
import { NotFound } from "./shell/not-found";

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, errorComponent: Broken });

/** What may stand behind the ? of a page: texts, none of them empty. */
function texts<Key extends string>(...keys: Key[]): (search: Record<string, unknown>) => { [K in Key]?: string } {
  return (search) => {
    const found: { [K in Key]?: string } = {};
    for (const key of keys) {
      const value = search[key];
      if (typeof value === "string" && value !== "") found[key] = value;
    }
    return found;
  };
}

// Each page comes when it is gone to, with its texts and its documents.
const routes = [
  createRoute({
    getParentRoute: () => root,
    path: "/",
    component: lazyRouteComponent(() => import("./features/home/page"), "Home"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/links",
    beforeLoad: () => {
      throw redirect({ to: "/links/wantedly" });
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/links/wantedly",
    component: lazyRouteComponent(() => import("./features/link/page"), "WantedlyLink"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/imports",
    validateSearch: texts("account"),
    component: lazyRouteComponent(() => import("./features/imports/page"), "Imports"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/imports/unreadable",
    validateSearch: texts("account", "state"),
    component: lazyRouteComponent(() => import("./features/imports/page"), "Unreadable"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/imports/$runId",
    component: lazyRouteComponent(() => import("./features/imports/page"), "Run"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/files",
    component: lazyRouteComponent(() => import("./features/files/page"), "Files"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/files/$fileId",
    component: lazyRouteComponent(() => import("./features/files/page"), "File"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/inbox",
    staticData: { needs: "WORK_INBOX" },
    validateSearch: texts("state", "medium", "position", "reason", "opening", "since", "search", "entry"),
    component: lazyRouteComponent(() => import("./features/inbox/page"), "Inbox"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/inbox/actions",
    staticData: { needs: "WORK_INBOX" },
    component: lazyRouteComponent(() => import("./features/inbox/page"), "RoutingActions"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/rules",
    staticData: { needs: "MANAGE_RULES" },
    // `new`, with `medium`, `position` and `opening`, opens the form filled in so; `edit` opens it for a rule.
    validateSearch: texts("search", "medium", "opening", "health", "new", "position", "edit"),
    component: lazyRouteComponent(() => import("./features/rules/page"), "Rules"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/openings",
    staticData: { needs: "CONDUCT_SELECTION" },
    validateSearch: texts("status", "search"),
    component: lazyRouteComponent(() => import("./features/openings/page"), "Openings"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/openings/$openingId",
    staticData: { needs: "CONDUCT_SELECTION" },
    validateSearch: texts("view", "outcome", "step", "search", "application"),
    component: lazyRouteComponent(() => import("./features/openings/page"), "Opening"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/candidates",
    staticData: { needs: "CONDUCT_SELECTION" },
    validateSearch: texts("search"),
    component: lazyRouteComponent(() => import("./features/candidates/page"), "Candidates"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/candidates/duplicates",
    staticData: { needs: "CONDUCT_SELECTION" },
    component: lazyRouteComponent(() => import("./features/candidates/page"), "Duplicates"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/candidates/$candidateId",
    staticData: { needs: "CONDUCT_SELECTION" },
    validateSearch: texts("application"),
    component: lazyRouteComponent(() => import("./features/candidates/page"), "Candidate"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/incidents",
    validateSearch: texts("open"),
    component: lazyRouteComponent(() => import("./features/incidents/page"), "Incidents"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/settings",
    component: lazyRouteComponent(() => import("./features/settings/page"), "Account"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/settings/members",
    staticData: { needs: "MANAGE_MEMBERS" },
    // `member` opens what can be done to one.
    validateSearch: texts("search", "member"),
    component: lazyRouteComponent(() => import("./features/settings/page"), "Members"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/settings/tokens",
    component: lazyRouteComponent(() => import("./features/settings/page"), "Tokens"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/settings/notifications",
    staticData: { needs: "MANAGE_NOTIFICATIONS" },
    component: lazyRouteComponent(() => import("./features/incidents/page"), "Notifications"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/settings/audit",
    staticData: { needs: "READ_AUDIT" },
    validateSearch: texts("action", "member", "subject", "from", "to"),
    component: lazyRouteComponent(() => import("./features/settings/page"), "Audit"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/settings/privacy",
    component: lazyRouteComponent(() => import("./features/settings/page"), "Privacy"),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  // All that stands behind the ? is text, and stands there as it is.
  parseSearch: parseSearchWith((value) => value),
  stringifySearch: stringifySearchWith(String),
  defaultPreload: "intent",
  defaultPendingComponent: () => <ListSkeleton />,
  defaultErrorComponent: Broken,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
  interface StaticDataRouteOption {
    /** What one has to be permitted to see anything of a page: the frame shows it to nobody else. */
    needs?: Permission;
  }
}
