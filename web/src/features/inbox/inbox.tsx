import { Button, Stack, Tabs } from "@mantine/core";
import { IconDownload, IconHistory, IconInbox } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useQuery, useSubscription } from "urql";
import { useMay } from "../../graphql/viewer";
import { ButtonLink } from "../../parts/links";
import { Empty, Page } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import { InboxCountsDocument, InboxLiveDocument, InboxWaitingPositionsDocument } from "./__generated__/inbox";
import { useDeciding } from "./deciding";
import { EntryDrawer } from "./entry-drawer";
import { EntryList } from "./entry-list";
import { FilterBar } from "./filter-bar";
import { countOf, csvAddress, filtersOf, type InboxSearch, type State, states } from "./filters";
import { WaitingPositions } from "./waiting-positions";

/** 応募情報インポート: what came in from the media, and where it goes. */
export function Inbox() {
  const { t, i18n } = useTranslation(["inbox", "common"]);
  const may = useMay();
  const search = useSearch({ from: "/inbox" });
  const navigate = useNavigate({ from: "/inbox" });
  const filters = filtersOf(search);
  const state = filters.state ?? "WAITING";
  const [{ data: counts, error: uncounted }, countAgain] = useQuery({ query: InboxCountsDocument });
  const [{ data: live }] = useSubscription({ query: InboxLiveDocument });
  const [{ data: waiting, error: unknown }, waitingAgain] = useQuery({
    query: InboxWaitingPositionsDocument,
    variables: { first: 50 },
  });
  const positions = waiting?.waitingPositions ?? (unknown ? [] : undefined);
  const missing = uncounted ?? (state === "WAITING" ? unknown : undefined);
  const again = () => {
    for (const ask of [countAgain, waitingAgain]) ask({ requestPolicy: "network-only" });
  };
  const deciding = useDeciding();
  const summary = counts?.inboxSummary;
  const numbers = { WAITING: summary?.waiting, ROUTED: summary?.routed, EXCLUDED: summary?.excluded };
  const count = new Intl.NumberFormat(i18n.language);
  const narrowed = countOf(filters) > 0 || Boolean(search.search);
  const byPosition = state === "WAITING" && !narrowed;
  const change = (by: Partial<InboxSearch>) => void navigate({ search: (now) => ({ ...now, ...by }), replace: true });
  const show = (entry: string | undefined) =>
    void navigate({ search: (now) => ({ ...now, entry }), resetScroll: false });
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <>
          <ButtonLink to="/inbox/actions" variant="default" leftSection={<IconHistory size={16} aria-hidden />}>
            {t("actionsLink")}
          </ButtonLink>
          {may("EXPORT") && (
            <Button
              component="a"
              href={csvAddress(filters, i18n.language, Intl.DateTimeFormat().resolvedOptions().timeZone)}
              download
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {t("common:download")}
            </Button>
          )}
        </>
      }
    >
      <Tabs
        value={state}
        onChange={(tab) =>
          navigate({
            // What one looks for, one looks for on the other tabs too.
            search: ({ search, medium, position, since }) => ({
              search,
              medium,
              position,
              since,
              state: tab === "WAITING" ? undefined : (tab ?? undefined),
            }),
          })
        }
        keepMounted={false}
      >
        <Tabs.List aria-label={t("tabs.label")}>
          {states.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`tabs.${each}`)}{" "}
              <span className="numbers">{numbers[each] === undefined ? "" : count.format(numbers[each])}</span>
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={state} pt="md">
          <Stack gap="lg">
            {missing && <Trouble error={missing} again={again} />}
            {byPosition && <WaitingPositions positions={positions} />}
            {/* What stands below waits for what stands above, so that nothing jumps. */}
            <Stack gap="sm" display={byPosition && !positions ? "none" : undefined}>
              <FilterBar
                filters={filters}
                search={search}
                positions={positions?.map(({ positionName }) => positionName) ?? []}
                change={change}
              />
              <EntryList
                key={`list ${state}`}
                filters={filters}
                deciding={deciding}
                positions={positions ?? []}
                open={show}
                empty={<Nobody state={state} narrowed={narrowed} ever={total(summary) !== 0} />}
              />
            </Stack>
          </Stack>
        </Tabs.Panel>
      </Tabs>
      {search.entry && (
        <EntryDrawer
          id={search.entry}
          version={live?.inboxChanged.cursor}
          deciding={deciding}
          close={() => show(undefined)}
        />
      )}
      {deciding.dialogs}
    </Page>
  );
}

function total(summary: { waiting: number; routed: number; excluded: number } | undefined): number | undefined {
  return summary && summary.waiting + summary.routed + summary.excluded;
}

/** That a tab is empty, and what to do now. */
function Nobody({ state, narrowed, ever }: { state: State; narrowed: boolean; ever: boolean }) {
  const { t } = useTranslation(["inbox", "common"]);
  const icon = <IconInbox size={40} stroke={1.2} aria-hidden />;
  if (narrowed)
    return (
      <Empty icon={icon} title={t("empty.filtered")}>
        {t("empty.filteredHint")}
      </Empty>
    );
  if (!ever)
    return (
      <Empty icon={icon} title={t("empty.nothing")}>
        <Stack align="center">
          {t("empty.nothingHint")}
          <ButtonLink to="/links/wantedly">{t("empty.toLink")}</ButtonLink>
        </Stack>
      </Empty>
    );
  switch (state) {
    case "WAITING":
      return (
        <Empty icon={icon} title={t("empty.waiting")}>
          <Stack align="center">
            {t("empty.waitingHint")}
            <ButtonLink to="/openings" variant="light">
              {t("empty.toOpenings")}
            </ButtonLink>
          </Stack>
        </Empty>
      );
    case "ROUTED":
      return (
        <Empty icon={icon} title={t("empty.routed")}>
          <Stack align="center">
            {t("empty.routedHint")}
            <ButtonLink to="/inbox" search={{}} variant="light">
              {t("empty.toWaiting")}
            </ButtonLink>
          </Stack>
        </Empty>
      );
    case "EXCLUDED":
      return (
        <Empty icon={icon} title={t("empty.excluded")}>
          {t("empty.excludedHint")}
        </Empty>
      );
  }
}
