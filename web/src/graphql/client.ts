import { type Client, createClient, fetchExchange, mapExchange, subscriptionExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { ViewerDocument } from "./__generated__/viewer";
import { cacheOptions } from "./cache";
import { connect, type Live, type Standing } from "./connection";
import { forwardLive } from "./live";

/** What the console asks the API with. */
export interface Api {
  client: Client;
  live: Live;
}

/** Makes what asks in `language`. */
export function openApi(language: string, standing: Standing): Api {
  const socket = `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/graphql`;
  const live = connect(socket, language, standing);
  // Somebody has changed what the viewer may do: what they see follows. Not each time, for pages that go on asking.
  let asked = 0;
  const askWho = () => {
    if (Date.now() - asked < 5_000) return;
    asked = Date.now();
    void client.query(ViewerDocument, {}, { requestPolicy: "network-only" }).toPromise();
  };
  const client: Client = createClient({
    url: "/graphql",
    preferGetMethod: false,
    fetchOptions: {
      headers: {
        "accept-language": language,
        accept: "application/graphql-response+json",
        // Without it no file is taken.
        "graphql-require-preflight": "1",
      },
    },
    exchanges: [
      mapExchange({
        onError: (error) => {
          const codes = error.graphQLErrors.map((e) => e.extensions.code);
          if (codes.includes("UNAUTHENTICATED")) standing.signedOut();
          if (codes.includes("FORBIDDEN")) askWho();
        },
      }),
      cacheExchange(cacheOptions()),
      fetchExchange,
      subscriptionExchange({ forwardSubscription: forwardLive(live.client) }),
    ],
  });
  return { client, live };
}
