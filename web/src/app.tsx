import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Provider, useQuery } from "urql";
import { ViewerDocument } from "./graphql/__generated__/viewer";
import { type Api, openApi } from "./graphql/client";
import { setServerTime } from "./graphql/clock";
import { LiveContext } from "./graphql/live-connection";
import { ViewerProvider } from "./graphql/viewer";
import { Trouble } from "./parts/trouble";
import { router } from "./router";
import { contrasts, theme } from "./theme";

// Whoever is signed in never needs it.
const SignIn = lazy(async () => ({ default: (await import("./shell/sign-in")).SignIn }));

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

export function App() {
  const { i18n } = useTranslation();
  const [signedIn, setSignedIn] = useState(location.pathname !== "/sign-in");
  const [api, setApi] = useState<Api | null>(null);
  useEffect(() => {
    if (signedIn) setApi(openApi(i18n.language, () => setSignedIn(false)));
  }, [signedIn, i18n.language]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={contrasts}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Notifications position="bottom-right" limit={4} notificationMaxHeight={200} />
      {!signedIn && (
        <Suspense>
          <SignIn />
        </Suspense>
      )}
      {signedIn && api && (
        <Provider value={api.client}>
          <LiveContext value={api.live}>
            <SignedIn />
          </LiveContext>
        </Provider>
      )}
    </MantineProvider>
  );
}

function SignedIn() {
  const [asked] = useState(Date.now);
  const [{ data, error }, again] = useQuery({ query: ViewerDocument });
  useEffect(() => {
    if (data) setServerTime(data.serverTime, asked);
  }, [data, asked]);
  if (error && !data) return <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />;
  if (!data) return null;
  return (
    <ViewerProvider viewer={data.viewer}>
      <RouterProvider router={router} />
    </ViewerProvider>
  );
}
