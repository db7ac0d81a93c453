import { MantineProvider } from "@mantine/core";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Provider, useQuery } from "urql";
import { ViewerDocument } from "./graphql/__generated__/viewer";
import { type Api, openApi } from "./graphql/client";
import { setServerTime } from "./graphql/clock";
import { LiveContext } from "./graphql/live-connection";
import { ViewerProvider } from "./graphql/viewer";
import { useAnnounced } from "./parts/notify";
import { Trouble } from "./parts/trouble";
import { router } from "./router";
import { IncidentBannerDocument } from "./shell/__generated__/incident-banner";
import { contrasts, theme } from "./theme";

// Whoever is signed in never needs it.
const SignIn = lazy(async () => ({ default: (await import("./shell/sign-in")).SignIn }));

const Announcements = lazy(async () => ({ default: (await import("@mantine/notifications")).Notifications }));

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
// What keeps the page from scrolling behind a dialog writes a style, and looks for its nonce here.
Object.assign(globalThis, { __webpack_nonce__: nonce });

export function App() {
  const { i18n } = useTranslation();
  const announced = useAnnounced();
  const [signedIn, setSignedIn] = useState(location.pathname !== "/sign-in");
  const [api, setApi] = useState<Api | null>(null);
  const [known, setKnown] = useState(false);
  useEffect(() => {
    if (!signedIn) return;
    const open = () => setApi(openApi(i18n.language, { signedOut: () => setSignedIn(false), changed: open }));
    open();
  }, [signedIn, i18n.language]);
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
      {!signedIn && (
        <Suspense>
          <SignIn ended={known} />
        </Suspense>
      )}
      {signedIn && api && (
        <Provider value={api.client}>
          <LiveContext value={api.live}>
            <SignedIn known={setKnown} />
          </LiveContext>
        </Provider>
      )}
    </MantineProvider>
  );
}

/** `known` is told when the server knows who asks: where it does not later, their session has ended. */
function SignedIn({ known }: { known: (known: true) => void }) {
  // The first answer sets the clock: later ones were asked for at other times.
  const asked = useRef<number | null>(Date.now());
  const [{ data, error }, again] = useQuery({ query: ViewerDocument });
  // Asked for at the same time, so that what stands above every page does not push it down later.
  const [banner] = useQuery({ query: IncidentBannerDocument });
  useEffect(() => {
    if (!data) return;
    known(true);
    if (asked.current) setServerTime(data.serverTime, asked.current);
    asked.current = null;
  }, [data, known]);
  if (error && !data) return <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />;
  if (!data || !(banner.data || banner.error)) return null;
  return (
    <ViewerProvider viewer={data.viewer}>
      <RouterProvider router={router} />
    </ViewerProvider>
  );
}
