import { type Client, createClient, fetchExchange, mapExchange, subscriptionExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { cacheOptions } from "./cache";
import { connect, type Live } from "./connection";
import { forwardLive } from "./live";

/** What the console asks the API with. */
export interface Api {
  client: Client;
  live: Live;
}

/** Makes what asks in `language`; `signedOut` is called when the server no longer knows who asks. */
export function openApi(language: string, signedOut: () => void): Api {
  const socket = `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/graphql`;
  const live = connect(socket, language, signedOut);
  const client = createClient({
    url: "/graphql",
    preferGetMethod: false,
    fetchOptions: { headers: { "accept-language": language, accept: "application/graphql-response+json" } },
    exchanges: [
      mapExchange({
        onError: (error) => {
          if (error.graphQLErrors.some((e) => e.extensions.code === "UNAUTHENTICATED")) signedOut();
        },
      }),
      cacheExchange(cacheOptions),
      fetchExchange,
      subscriptionExchange({ forwardSubscription: forwardLive(live.client) }),
    ],
  });
  return { client, live };
}
