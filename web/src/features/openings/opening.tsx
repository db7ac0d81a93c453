import { Button, Drawer, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery, useSubscription } from "urql";
import { useMay } from "../../graphql/viewer";
import { TextLink } from "../../parts/links";
import { refused } from "../../parts/notify";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { SearchBox } from "../../parts/search-box";
import { Trouble } from "../../parts/trouble";
import {
  OpeningsHeadDocument,
  type OpeningsOpeningFragment,
  OpeningsSelectionChangedDocument,
  type SelectionOutcome,
} from "./__generated__/opening";
import { ApplicationPanel } from "./application";
import { ApplicationsList } from "./applications-list";
import { type Card, pickWith, refresh } from "./arrange";
import { Board } from "./board";
import { Bulk, mostPicked } from "./bulk";
import { Neighbours } from "./neighbours";
import { OpeningActions } from "./opening-actions";
import { OpeningBadges } from "./openings";

const outcomes: readonly SelectionOutcome[] = ["IN_PROGRESS", "JOINED", "REJECTED", "WITHDRAWN", "CLOSED_AS_DUPLICATE"];

/** One opening: who stands where, and an application on top of that. */
export function Opening() {
  const { t } = useTranslation("openings");
  const { openingId } = useParams({ from: "/openings/$openingId" });
  const [{ data, error }, again] = useQuery({
    query: OpeningsHeadDocument,
    variables: { id: openingId },
    requestPolicy: "cache-and-network",
  });
  const opening = data?.node && "name" in data.node ? data.node : undefined;
  if (opening) return <Known key={openingId} opening={opening} />;
  return (
    <Page title={t("title")}>
      {error ? (
        <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />
      ) : data ? (
        <Empty title={t("missing")}>
          <TextLink to="/openings">{t("back")}</TextLink>
        </Empty>
      ) : (
        <ListSkeleton lines={5} height={88} />
      )}
    </Page>
  );
}

function Known({ opening }: { opening: OpeningsOpeningFragment }) {
  const { t, i18n } = useTranslation("openings");
  const { t: common } = useTranslation();
  const may = useMay();
  const openingId = opening.id;
  const navigate = useNavigate({ from: "/openings/$openingId" });
  const search = useSearch({ from: "/openings/$openingId" });
  const outcome = outcomes.find((each) => each === search.outcome) ?? "IN_PROGRESS";
  const asList = search.view === "list";
  const [picked, setPicked] = useState<ReadonlyMap<string, Card>>(new Map());
  const [order, setOrder] = useState<readonly string[]>([]);
  const opened = { application: search.application, order, setOrder };
  const reread = useRef<() => Promise<unknown>>(async () => undefined);
  const [{ data: change }] = useSubscription({ query: OpeningsSelectionChangedDocument, variables: { openingId } });
  const told = useCallback((cards: readonly Card[]) => setPicked((before) => refresh(before, cards)), []);
  useEffect(() => {
    if (!change) return;
    told(change.selectionChanged.applications);
    void reread.current();
  }, [change, told]);

  // Its steps may be others now; nothing tells of that but the opening itself.
  const shown = useRef(opening.revision);
  useEffect(() => {
    if (shown.current === opening.revision) return;
    shown.current = opening.revision;
    void reread.current();
  }, [opening.revision]);

  const set = (part: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
  const pick = (cards: readonly Card[], on: boolean) => {
    const chosen = pickWith(picked, cards, on, mostPicked);
    if (on && cards.some((card) => !chosen.has(card.id))) refused(t("bulk.most", { count: mostPicked }));
    // What an event has told of the others meanwhile stays.
    setPicked((before) => pickWith(before, cards, on, mostPicked));
  };
  const filter = (part: Partial<typeof search>) => {
    setPicked(new Map());
    set(part);
  };
  const { timeZone: zone } = Intl.DateTimeFormat().resolvedOptions();
  const sheet = new URLSearchParams({ openingId, outcome, lang: i18n.language, zone });
  if (asList && search.step) sheet.set("stepId", search.step);
  if (asList && search.search) sheet.set("search", search.search);
  const count = opening.outcomeCounts.find((each) => each.outcome === outcome)?.count ?? 0;

  return (
    <Page
      title={opening.name}
      actions={
        <>
          <OpeningActions opening={opening} />
          {may("EXPORT") && (
            <Button component="a" href={`/applications.csv?${sheet}`} download size="sm" variant="default">
              {common("download")}
            </Button>
          )}
        </>
      }
    >
      <Group gap="sm">
        <TextLink to="/openings" size="sm">
          {t("back")}
        </TextLink>
        <OpeningBadges opening={opening} />
        <Text size="sm" c="dimmed" className="numbers">
          {t(`outcome.${outcome}`)}: {t("people", { count })}
        </Text>
      </Group>
      <Group gap="sm" align="flex-end">
        <SegmentedControl
          aria-label={t("view.label")}
          value={asList ? "list" : "board"}
          data={[
            { value: "board", label: t("view.board") },
            { value: "list", label: t("view.list") },
          ]}
          onChange={(view) => filter({ view: view === "list" ? "list" : undefined, step: undefined })}
        />
        <Select
          label={t("outcomeFilter")}
          w={190}
          data={outcomes.map((each) => ({ value: each, label: t(`outcome.${each}`) }))}
          value={outcome}
          allowDeselect={false}
          onChange={(chosen) => filter({ outcome: chosen === "IN_PROGRESS" ? undefined : (chosen ?? undefined) })}
        />
        {asList && (
          <>
            <Select
              label={t("list.step")}
              w={190}
              clearable
              clearButtonProps={{ "aria-label": t("list.anyStep") }}
              placeholder={t("list.anyStep")}
              data={opening.steps.map((step) => ({ value: step.id, label: step.name }))}
              value={search.step ?? null}
              onChange={(step) => filter({ step: step ?? undefined })}
            />
            <SearchBox
              placeholder={t("list.searchHint")}
              value={search.search ?? ""}
              flex="1 1 200px"
              maw={320}
              onSearch={(words) => set({ search: words || undefined })}
            />
          </>
        )}
      </Group>
      {asList ? (
        <ApplicationsList
          key={openingId}
          openingId={openingId}
          stepId={search.step}
          outcome={outcome}
          search={search.search}
          picked={picked}
          pick={pick}
          opened={opened}
          told={told}
        />
      ) : (
        <Stack gap="xs">
          <Text size="xs" c="dimmed" visibleFrom="sm">
            {t("boardHint")}
          </Text>
          <Board
            openingId={openingId}
            outcome={outcome}
            picked={picked}
            pick={pick}
            opened={opened}
            told={told}
            reread={reread}
          />
        </Stack>
      )}
      <Bulk picked={picked} steps={opening.steps} setPicked={setPicked} changed={() => void reread.current()} />
      <Drawer
        opened={search.application !== undefined}
        onClose={() => {
          setOrder([]);
          set({ application: undefined });
        }}
        position="right"
        size="lg"
        title={t("panel")}
        closeButtonProps={{ "aria-label": common("confirm.close") }}
      >
        {search.application && (
          <>
            <Neighbours application={search.application} order={order} open={(application) => set({ application })} />
            <ApplicationPanel applicationId={search.application} />
          </>
        )}
      </Drawer>
    </Page>
  );
}
