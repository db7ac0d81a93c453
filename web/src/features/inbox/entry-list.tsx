import { Checkbox, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowBackUp, IconArrowRight, IconBan } from "@tabler/icons-react";
import { type ReactNode, useDeferredValue, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { InboxEntryAction } from "../../graphql/__generated__/schema";
import { useKept } from "../../graphql/kept";
import { usePaged } from "../../graphql/paged";
import { ActionButton, possible } from "../../parts/action-button";
import { More } from "../../parts/more";
import type { Named } from "../../parts/opening-select";
import { ListSkeleton } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import { InboxListDocument, type InboxPositionFragment, type InboxRowFragment } from "./__generated__/inbox";
import type { Deciding } from "./deciding";
import { EntryRow } from "./entry-row";
import type { Filters } from "./filters";
import classes from "./inbox.module.css";
import { type ListKeys, useListKeys } from "./keyboard";
import { KeyboardHelp } from "./keyboard-help";
import { most, useSelection } from "./selection";

const none: readonly InboxRowFragment[] = [];

interface EntryListProps {
  filters: Filters;
  deciding: Deciding;
  positions: readonly InboxPositionFragment[];
  open: (id: string) => void;
  /** What stands there when nobody does. */
  empty: ReactNode;
}

/** The applications of a tab, to be chosen and decided on. */
export function EntryList({ filters, deciding, positions, open, empty }: EntryListProps) {
  const { t } = useTranslation("inbox");
  const list = usePaged(InboxListDocument, filters, (data) => data.inbox);
  // What one clicks comes before the rows, which are many.
  const { shown, old } = useKept(list);
  const nodes = useDeferredValue(shown.nodes, none);
  const ids = useMemo(() => nodes.map(({ id }) => id), [nodes]);
  const selection = useSelection(ids, JSON.stringify(filters));
  // The rows keep their handlers, whatever is chosen: a hundred of them are not drawn anew for one.
  const chosen = nodes.filter(({ id }) => selection.chosen.includes(id));
  const decide = (how: "route" | "exclude", id: string | undefined) => {
    const whom = chosen.length > 0 ? chosen : nodes.filter((each) => each.id === id);
    const can = whom.some(({ availableActions }) => possible(availableActions, how === "route" ? "ROUTE" : "EXCLUDE"));
    if (!can || deciding.working) return;
    if (how === "route") deciding.route(whom, suggestedFor(positions, whom));
    else deciding.exclude(whom);
  };
  const latest = useRef({ toggle: selection.toggle, open, decide });
  latest.current = { toggle: selection.toggle, open, decide };
  const on = useMemo<ListKeys>(
    () => ({
      toggle: (id, range) => latest.current.toggle(id, range),
      open: (id) => latest.current.open(id),
      decide: (how, id) => latest.current.decide(how, id),
    }),
    [],
  );
  const rows = useRef<HTMLUListElement>(null);
  const choosable = filters.state !== "ROUTED";
  useListKeys(rows, on);

  if (list.error && list.empty) return <Trouble error={list.error} again={list.again} />;
  if (!shown.empty && shown.nodes.length === 0) return empty;
  if (nodes.length === 0) return <ListSkeleton lines={8} height={64} />;

  const count = chosen.length;
  // What can be done to some of them: the API says of the others why not.
  const can = (action: InboxEntryAction) =>
    chosen.map(({ availableActions }) => possible(availableActions, action)).find((state) => state);
  return (
    <Stack component="section" gap="xs" aria-label={t("list.label")}>
      <Group className={classes.bar ?? ""} justify="space-between" gap="xs">
        <Group gap="sm">
          {choosable && (
            <Checkbox
              size="md"
              checked={count > 0 && count === Math.min(ids.length, most)}
              indeterminate={count > 0 && count < Math.min(ids.length, most)}
              onChange={(event) => selection.all(event.currentTarget.checked)}
              label={count > 0 ? t("list.selected", { count }) : t("list.selectAll")}
              aria-label={t("list.selectAll")}
            />
          )}
          {!choosable && (
            <Title order={2} size="h4">
              {t("list.title")}
            </Title>
          )}
          <ActionButton
            state={can("ROUTE")}
            size="xs"
            leftSection={<IconArrowRight size={16} aria-hidden />}
            onClick={() => decide("route", undefined)}
          >
            {t("route.action")}
          </ActionButton>
          <ActionButton
            state={can("EXCLUDE")}
            size="xs"
            variant="default"
            leftSection={<IconBan size={16} aria-hidden />}
            loading={deciding.working}
            onClick={() => decide("exclude", undefined)}
          >
            {t("exclude.action")}
          </ActionButton>
          <ActionButton
            state={can("RESTORE")}
            size="xs"
            leftSection={<IconArrowBackUp size={16} aria-hidden />}
            loading={deciding.working}
            onClick={() => deciding.restore(chosen)}
          >
            {t("restore.action")}
          </ActionButton>
          {count === most && (
            <Text size="xs" c="dimmed">
              {t("list.most")}
            </Text>
          )}
        </Group>
        <KeyboardHelp />
      </Group>
      <ul ref={rows} className={classes.rows} aria-label={t("list.label")} aria-busy={old} data-old={old || undefined}>
        {nodes.map((entry) => (
          <EntryRow
            key={entry.id}
            entry={entry}
            chosen={choosable ? selection.has(entry.id) : undefined}
            toggle={on.toggle}
            open={on.open}
          />
        ))}
      </ul>
      <More
        shown={nodes.length}
        total={shown.total}
        hasNextPage={shown.hasNextPage}
        loading={list.loading}
        error={list.error}
        next={list.next}
        again={list.again}
      />
    </Stack>
  );
}

/** The openings that are suggested for the positions of those who are chosen, each once. */
function suggestedFor(positions: readonly InboxPositionFragment[], chosen: readonly InboxRowFragment[]): Named[] {
  const names = new Set(chosen.map(({ positionName }) => positionName));
  const byId = new Map<string, Named>();
  for (const position of positions)
    if (names.has(position.positionName)) for (const { opening } of position.suggestions) byId.set(opening.id, opening);
  return [...byId.values()];
}
