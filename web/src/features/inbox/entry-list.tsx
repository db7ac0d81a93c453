import { Button, Checkbox, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowBackUp, IconArrowRight, IconBan } from "@tabler/icons-react";
import { type ReactNode, useDeferredValue, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { usePaged } from "../../graphql/paged";
import { More } from "../../parts/more";
import { ListSkeleton } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import { InboxListDocument, type InboxPositionFragment, type InboxRowFragment } from "./__generated__/inbox";
import type { Deciding } from "./deciding";
import { EntryRow } from "./entry-row";
import type { Filters } from "./filters";
import classes from "./inbox.module.css";
import { useListKeys } from "./keyboard";
import { KeyboardHelp } from "./keyboard-help";
import type { Named } from "./opening-select";
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
  const nodes = useDeferredValue(list.nodes, none);
  const ids = useMemo(() => nodes.map(({ id }) => id), [nodes]);
  const selection = useSelection(ids, JSON.stringify(filters));
  // The rows keep their handlers, whatever is chosen: a hundred of them are not drawn anew for one.
  const latest = useRef({ toggle: selection.toggle, open });
  latest.current = { toggle: selection.toggle, open };
  const on = useMemo(
    () => ({
      toggle: (id: string, range: boolean) => latest.current.toggle(id, range),
      open: (id: string) => latest.current.open(id),
    }),
    [],
  );
  const rows = useRef<HTMLUListElement>(null);
  const choosable = filters.state !== "ROUTED";
  useListKeys(rows, on);

  if (list.error && list.empty) return <Trouble error={list.error} again={list.again} />;
  if (!list.empty && list.nodes.length === 0) return empty;
  if (nodes.length === 0) return <ListSkeleton lines={8} height={64} />;

  const chosen = nodes.filter(({ id }) => selection.chosen.includes(id));
  const count = chosen.length;
  const suggested = suggestedFor(positions, new Set(chosen.map(({ positionName }) => positionName)));
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
          {count > 0 && filters.state === "WAITING" && (
            <>
              <Button
                size="xs"
                leftSection={<IconArrowRight size={16} aria-hidden />}
                onClick={() => deciding.route(chosen, suggested)}
              >
                {t("route.action")}
              </Button>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconBan size={16} aria-hidden />}
                loading={deciding.working}
                onClick={() => deciding.exclude(chosen)}
              >
                {t("exclude.action")}
              </Button>
            </>
          )}
          {count > 0 && filters.state === "EXCLUDED" && (
            <Button
              size="xs"
              leftSection={<IconArrowBackUp size={16} aria-hidden />}
              loading={deciding.working}
              onClick={() => deciding.restore(chosen)}
            >
              {t("restore.action")}
            </Button>
          )}
          {count === most && (
            <Text size="xs" c="dimmed">
              {t("list.most")}
            </Text>
          )}
        </Group>
        <KeyboardHelp />
      </Group>
      <ul ref={rows} className={classes.rows} aria-label={t("list.label")}>
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
        total={list.total}
        hasNextPage={list.hasNextPage}
        loading={list.loading}
        error={list.error}
        next={list.next}
        again={list.again}
      />
    </Stack>
  );
}

/** The openings that are suggested for the positions of those who are chosen, each once. */
function suggestedFor(positions: readonly InboxPositionFragment[], names: ReadonlySet<string>): Named[] {
  const byId = new Map<string, Named>();
  for (const position of positions)
    if (names.has(position.positionName)) for (const { opening } of position.suggestions) byId.set(opening.id, opening);
  return [...byId.values()];
}
