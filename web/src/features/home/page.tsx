import { SimpleGrid, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type TypedDocumentNode, useQuery, useSubscription } from "urql";
import { useMay } from "../../graphql/viewer";
import { addTexts } from "../../i18n";
import { Page } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import { en as linkEn } from "../link/en";
import { ja as linkJa } from "../link/ja";
import { newestOf } from "../link/live";
import {
  type HomeAccountFragment,
  HomeInboxChangesDocument,
  HomeInboxDocument,
  HomeIncidentChangesDocument,
  HomeIncidentsDocument,
  HomeLinkDocument,
  HomeOpeningChangesDocument,
  HomeOpeningsDocument,
  HomeRunsDocument,
  HomeStatusDocument,
  type HomeStatusSubscription,
} from "./__generated__/home";
import { CardSkeleton } from "./card";
import { en } from "./en";
import { IncidentsCard } from "./incidents-card";
import { ja } from "./ja";
import { LinkCard } from "./link-card";
import { OpeningsCard } from "./openings-card";
import { progress, type Step } from "./progress";
import { Steps } from "./steps";
import { WaitingCard } from "./waiting-card";

addTexts("home", { ja, en });
// The words for a link's states are the link's.
addTexts("link", { ja: linkJa, en: linkEn });

/** What is asked each time that one comes home, unless one may not see it. */
function useRead<Data>(query: TypedDocumentNode<Data, Record<string, never>>, seen = true) {
  return useQuery({ query, variables: {}, pause: !seen, requestPolicy: "cache-and-network" });
}

export function Home() {
  const { t } = useTranslation("home");
  const may = useMay();
  const recruits = may("WORK_INBOX") && may("CONDUCT_SELECTION");
  const [link, linkAgain] = useRead(HomeLinkDocument);
  const [{ data: told }] = useSubscription<HomeStatusSubscription, ReadonlyMap<string, HomeAccountFragment>>(
    { query: HomeStatusDocument },
    (before = new Map(), { accountStatusChanged: { account } }) => new Map(before).set(account.id, account),
  );
  const accounts = link.data?.accounts.map((account) => newestOf(account, [told?.get(account.id)]));
  const [incidents, incidentsAgain] = useRead(HomeIncidentsDocument);
  const [inbox, inboxAgain] = useRead(HomeInboxDocument, recruits);
  const [openings, openingsAgain] = useRead(HomeOpeningsDocument, recruits);
  useSubscription({ query: HomeRunsDocument });
  useSubscription({ query: HomeIncidentChangesDocument });
  useSubscription({ query: HomeInboxChangesDocument, pause: !recruits });
  useSubscription({ query: HomeOpeningChangesDocument, pause: !recruits });

  const steps: readonly Step[] = recruits ? ["link", "route", "move"] : ["link"];
  const known = { link: accounts && { accounts }, inbox: inbox.data, openings: openings.data };
  const read = link.data && (!recruits || (inbox.data && openings.data));
  const behind = progress(known);
  const error = link.error ?? incidents.error ?? inbox.error ?? openings.error;
  const again = () => {
    for (const ask of [linkAgain, incidentsAgain, ...(recruits ? [inboxAgain, openingsAgain] : [])])
      ask({ requestPolicy: "network-only" });
  };
  return (
    <Page title={t("title")}>
      {error && <Trouble error={error} again={again} />}
      {!read && !error && <CardSkeleton />}
      {read && (
        <Stack gap="lg">
          {steps.some((step) => !behind[step]) && <Steps known={known} steps={steps} />}
          {behind.link && (
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
              {inbox.data && <WaitingCard inbox={inbox.data} />}
              {openings.data && <OpeningsCard openings={openings.data} />}
              {accounts && <LinkCard accounts={accounts} />}
              {incidents.data && <IncidentsCard incidents={incidents.data} />}
            </SimpleGrid>
          )}
        </Stack>
      )}
    </Page>
  );
}
