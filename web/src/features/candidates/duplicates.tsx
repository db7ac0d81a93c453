import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { type Ref, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { usePaged } from "../../graphql/paged";
import { useKeptFocus } from "../../parts/kept-focus";
import { ButtonLink } from "../../parts/links";
import { done, useOutcome } from "../../parts/notify";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import {
  DuplicateDismissDocument,
  DuplicateRestoreDocument,
  DuplicatesListDocument,
  type DuplicatesListQuery,
} from "./__generated__/duplicates";
import { Comparison } from "./comparison";
import { type Merge, MergeDialog } from "./merge-dialog";
import { useUndoMerge } from "./merges";
import { Reasons } from "./reasons";
import { type Settled, SettledPairs } from "./settled-pairs";

type Pairs = DuplicatesListQuery["possibleDuplicates"];
export type Pair = Pairs["nodes"][number] & { readonly id: string };

// As many pairs as are looked at in one go.
const batch = 10;

/** A pair has two ids and none of its own. */
function withIds(pairs: Pairs): Omit<Pairs, "nodes"> & { nodes: Pair[] } {
  return {
    ...pairs,
    nodes: pairs.nodes.map((pair) => ({ ...pair, id: `${pair.candidate.id} ${pair.other.id}` })),
  };
}

/** よく似た応募者: pairs of people who may be one. */
export function Duplicates() {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  const list = usePaged(DuplicatesListDocument, {}, (data) => withIds(data.possibleDuplicates));
  const [wanted, setWanted] = useState(batch);
  const [merging, setMerging] = useState<Pair | null>(null);
  const [settled, setSettled] = useState<readonly Settled[]>([]);
  const went = useOutcome();
  const [, restore] = useMutation(DuplicateRestoreDocument);
  const [, undoMerge] = useUndoMerge();
  // Beside the pair that was decided last: there one goes on, when it is gone.
  const [beside, setBeside] = useState<string | null>(null);
  const focus = useKeptFocus<HTMLDivElement>();
  const isThere = list.nodes.some((pair) => pair.id === beside);

  // A page may hold fewer than were asked for, even none, though more come behind it.
  const looking = list.hasNextPage && list.nodes.length < wanted && !list.error;
  const { next } = list;
  useEffect(() => {
    if (looking && !list.loading) next();
  }, [looking, list.loading, next]);

  const undo = async (one: Settled) => {
    if (one.kind === "merged") {
      if (!(await undoMerge(one.merge.id))) return;
    } else {
      const { data, error } = await restore({ candidateId: one.pair.candidate.id, otherId: one.pair.other.id });
      if (!went(error, data?.restoreDuplicate.errors)) return;
      done(t("similar.restored"));
    }
    setSettled((before) => before.filter((each) => each !== one));
  };

  const settle = (pair: Pair, one: Settled) => {
    const place = list.nodes.findIndex((each) => each.id === pair.id);
    setBeside((list.nodes[place + 1] ?? list.nodes[place - 1])?.id ?? null);
    setSettled((before) => [one, ...before]);
  };
  const merged = (pair: Pair, merge: Merge) => {
    setMerging(null);
    settle(pair, { kind: "merged", merge });
    // The dialog gives the focus back to a button that goes with its pair.
    requestAnimationFrame(() => focus.place.current?.focus());
  };

  return (
    <Page
      title={t("pairs.title")}
      lead={t("pairs.lead")}
      actions={
        <ButtonLink to="/candidates" variant="default">
          {t("pairs.back")}
        </ButtonLink>
      }
    >
      <div {...focus.within}>
        <SettledPairs settled={settled} undo={undo} />
      </div>
      {list.error && <Trouble error={list.error} again={list.again} />}
      {list.empty && !list.error && <ListSkeleton lines={3} height={260} />}
      {!list.empty && !looking && list.nodes.length === 0 && (
        <Empty icon={<IconUsersGroup size={32} stroke={1.4} aria-hidden />} title={t("pairs.none")}>
          {t("pairs.noneText")}
        </Empty>
      )}
      <Stack gap="md" tabIndex={-1} ref={isThere ? undefined : focus.place} {...focus.within}>
        {list.nodes.map((pair) => (
          <PairCard
            key={pair.id}
            pair={pair}
            place={pair.id === beside ? focus.place : undefined}
            merge={() => setMerging(pair)}
            dismissed={() => settle(pair, { kind: "dismissed", pair })}
          />
        ))}
      </Stack>
      {!list.empty && (
        <Group justify="space-between" mih={36}>
          <Text size="sm" c="dimmed" aria-live="polite">
            {looking ? t("pairs.looking") : list.nodes.length > 0 && t("pairs.shown", { count: list.nodes.length })}
          </Text>
          {list.hasNextPage && !looking && (
            <Button variant="default" onClick={() => setWanted(list.nodes.length + batch)}>
              {common("list.more")}
            </Button>
          )}
        </Group>
      )}
      {merging && (
        <MergeDialog
          one={merging.candidate.id}
          other={merging.other.id}
          close={() => setMerging(null)}
          merged={(merge) => merged(merging, merge)}
        />
      )}
    </Page>
  );
}

interface PairCardProps {
  pair: Pair;
  /** Where the focus goes when the pair beside it is decided. */
  place: Ref<HTMLDivElement> | undefined;
  merge: () => void;
  dismissed: () => void;
}

function PairCard({ pair, place, merge, dismissed }: PairCardProps) {
  const { t } = useTranslation("candidates");
  const went = useOutcome();
  const [{ fetching }, dismiss] = useMutation(DuplicateDismissDocument);
  return (
    <Paper
      // Not a landmark: two of them may have the same names.
      role="group"
      ref={place}
      tabIndex={-1}
      withBorder
      p={{ base: "sm", sm: "md" }}
      aria-label={t("pairs.people", { one: pair.candidate.name, other: pair.other.name })}
    >
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Reasons certainty={pair.certainty} reasons={pair.reasons} />
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              loading={fetching}
              onClick={async () => {
                const { data, error } = await dismiss({ candidateId: pair.candidate.id, otherId: pair.other.id });
                if (went(error, data?.dismissDuplicate.errors)) dismissed();
              }}
            >
              {t("similar.dismiss")}
            </Button>
            <Button size="xs" onClick={merge}>
              {t("similar.merge")}
            </Button>
          </Group>
        </Group>
        <Comparison people={[pair.candidate, pair.other]} reasons={pair.reasons} />
      </Stack>
    </Paper>
  );
}
