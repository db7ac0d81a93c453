import { type Client, createClient, fetchExchange, mapExchange, subscriptionExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { ViewerDocument } from "./__generated__/viewer";
import { cacheOptions } from "./cache";
import { connect, type Live, waitToRetry } from "./connection";
import { forwardLive } from "./live";
import { outlastExchange } from "./outlast";
import { overtakenExchange } from "./overtaken";

/** What the console asks the API with. */
export interface Api {
  client: Client;
  live: Live;
}

/** Makes what asks in `language`. `signedOut` is told when the server no longer knows who asks, and resolves when it does again. */
export function openApi(language: string, signedOut: () => Promise<void>): Api {
  const socket = `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/graphql`;
  const live = connect(socket, language);
  const askWho = () => client.query(ViewerDocument, {}, { requestPolicy: "network-only" }).toPromise();
  // Somebody has changed what the viewer may do: what they see follows. Not each time, for pages that go on asking.
  let asked = 0;
  const askSometimes = () => {
    if (Date.now() - asked < 5_000) return;
    asked = Date.now();
    void askWho();
  };
  // All subscriptions are turned away together, and come again together.
  let coming: Promise<void> | null = null;
  let times = 0;
  const letIn = () => {
    coming ??= Promise.all([askWho(), waitToRetry(times++)]).then(() => {
      coming = null;
    });
    return coming;
  };
  live.watch(() => {
    if (live.connection() === "open") times = 0;
  });
  const client: Client = createClient({
    url: "/graphql",
    preferGetMethod: false,
    fetch: patiently(signedOut),
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
          if (codes.includes("FORBIDDEN")) askSometimes();
        },
      }),
      outlastExchange(live),
      cacheExchange(cacheOptions()),
      overtakenExchange,
      fetchExchange,
      subscriptionExchange({ forwardSubscription: forwardLive(live.client, letIn) }),
    ],
  });
  return { client, live };
}

/** Asks again, in the same words, when whoever was signed in is so once more: nothing that they did is lost. */
function patiently(signedOut: () => Promise<void>): typeof fetch {
  return async (input, init) => {
    for (;;) {
      const answer = await fetch(input, init);
      if (answer.status !== 401) return answer;
      await signedOut();
    }
  };
}
