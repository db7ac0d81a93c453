import { MantineProvider } from "@mantine/core";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Provider, useQuery } from "urql";
import { ViewerDocument } from "./graphql/__generated__/viewer";
import { openApi } from "./graphql/client";
import { setServerTime } from "./graphql/clock";
import { LiveContext } from "./graphql/live-connection";
import { type Viewer, ViewerProvider } from "./graphql/viewer";
import { useAnnounced } from "./parts/notify";
import { Trouble } from "./parts/trouble";
import { router } from "./router";
import { IncidentBannerDocument } from "./shell/__generated__/incident-banner";
import { FrameSkeleton } from "./shell/frame-skeleton";
import { Waiting } from "./shell/waiting";
import { contrasts, theme } from "./theme";

// Whoever is signed in never needs them, or not for hours.
const SignIn = lazy(async () => ({ default: (await import("./shell/sign-in")).SignIn }));
const SignInAgain = lazy(async () => ({ default: (await import("./shell/sign-in")).SignInAgain }));

const Announcements = lazy(async () => ({ default: (await import("@mantine/notifications")).Notifications }));

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
// What keeps the page from scrolling behind a dialog writes a style, and looks for its nonce here.
Object.assign(globalThis, { __webpack_nonce__: nonce });

export function App() {
  const { i18n } = useTranslation();
  const announced = useAnnounced();
  const [signedOut, setSignedOut] = useState(location.pathname === "/sign-in");
  const [session] = useState(() => new Waiting(() => setSignedOut(true)));
  const [api] = useState(() => openApi(i18n.language, () => session.wait()));
  const [viewer, setViewer] = useState<Viewer | null>(null);
  const goOn = () => {
    setSignedOut(false);
    session.end();
  };
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={contrasts}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      {announced && (
        <Suspense>
          {/* On the side where dialogs have no buttons. */}
          <Announcements position="bottom-left" limit={4} notificationMaxHeight={200} />
        </Suspense>
      )}
      {signedOut && !viewer && (
        <Suspense>
          <SignIn />
        </Suspense>
      )}
      {(!signedOut || viewer) && (
        <Provider value={api.client}>
          <LiveContext value={api.live}>
            <SignedIn known={setViewer} />
          </LiveContext>
        </Provider>
      )}
      {/* Over the page, which keeps what was typed. */}
      {signedOut && viewer && (
        <Suspense>
          <SignInAgain email={viewer.member.email} goOn={goOn} />
        </Suspense>
      )}
    </MantineProvider>
  );
}

// What stands above every page is waited for, so that it does not push it down later; but not for longer.
const patience = 3_000;

/** `known` is told who the server says is asking. */
function SignedIn({ known }: { known: (viewer: Viewer) => void }) {
  // The first answer sets the clock: later ones were asked for at other times.
  const asked = useRef<number | null>(Date.now());
  const [{ data, error }, again] = useQuery({ query: ViewerDocument });
  const [banner] = useQuery({ query: IncidentBannerDocument });
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWaited(true), patience);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (!data) return;
    known(data.viewer);
    if (asked.current) setServerTime(data.serverTime, asked.current);
    asked.current = null;
  }, [data, known]);
  if (error && !data) return <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />;
  if (!data || !(banner.data || banner.error || waited)) return <FrameSkeleton />;
  return (
    <ViewerProvider viewer={data.viewer}>
      <RouterProvider router={router} />
    </ViewerProvider>
  );
}
