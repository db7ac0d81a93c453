import { Modal, Stack, Table, Text } from "@mantine/core";
import type { CombinedError } from "@urql/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { useOutcome } from "../../parts/notify";
import type { Named } from "../../parts/opening-select";
import {
  type InboxDecidedFragment,
  InboxExcludeDocument,
  InboxRestoreDocument,
  InboxRouteDocument,
} from "./__generated__/routing";
import { RouteDialog } from "./route-dialog";
import { useDone } from "./undo";

/** An entry to decide on. */
export interface Decidable {
  readonly id: string;
  readonly candidate: { readonly name: string };
}

interface Refusals {
  changed: number;
  refused: { name: string | null; id: string; message: string }[];
}

export interface Deciding {
  route: (entries: readonly Decidable[], suggested?: readonly Named[]) => void;
  exclude: (entries: readonly Decidable[]) => void;
  restore: (entries: readonly Decidable[]) => void;
  working: boolean;
  /** The dialogs: they stand anywhere on the page. */
  dialogs: ReactNode;
}

/** Decides on entries, one or many: asks where to, says what was done, offers to undo it, and lists whom it refuses. */
export function useDeciding(): Deciding {
  const { t } = useTranslation(["inbox", "common"]);
  const outcome = useOutcome();
  const say = useDone();
  const [routed, route] = useMutation(InboxRouteDocument);
  const [excluded, exclude] = useMutation(InboxExcludeDocument);
  const [restored, restore] = useMutation(InboxRestoreDocument);
  const [asking, setAsking] = useState<{ entries: readonly Decidable[]; suggested: readonly Named[] } | null>(null);
  const [refusals, setRefusals] = useState<Refusals | null>(null);

  function tell(
    entries: readonly Decidable[],
    error: CombinedError | undefined,
    decided: InboxDecidedFragment | undefined,
    message: (count: number) => string,
  ): boolean {
    if (!outcome(error, decided?.errors) || !decided) return false;
    const changed = decided.changedEntries.length;
    if (changed > 0) say(message(changed), decided.action);
    if (decided.refused.length > 0) {
      const names = new Map(entries.map(({ id, candidate }) => [id, candidate.name]));
      const refused = decided.refused.map(({ id, message }) => ({ id, message, name: names.get(id) ?? null }));
      setRefusals({ changed, refused });
    }
    return true;
  }

  const ids = (entries: readonly Decidable[]) => entries.map(({ id }) => id);
  return {
    working: routed.fetching || excluded.fetching || restored.fetching,
    route: (entries, suggested = []) => setAsking({ entries, suggested }),
    exclude: async (entries) => {
      const { data, error } = await exclude({ ids: ids(entries) });
      tell(entries, error, data?.excludeEntries, (count) => t("exclude.done", { count }));
    },
    restore: async (entries) => {
      const { data, error } = await restore({ ids: ids(entries) });
      tell(entries, error, data?.restoreEntries, (count) => t("restore.done", { count }));
    },
    dialogs: (
      <>
        {asking && (
          <RouteDialog
            count={asking.entries.length}
            suggested={asking.suggested}
            working={routed.fetching}
            close={() => setAsking(null)}
            route={async (opening) => {
              const { entries } = asking;
              const { data, error } = await route({ ids: ids(entries), openingId: opening.id });
              const said = (count: number) => t("route.done", { count, opening: opening.name });
              if (tell(entries, error, data?.routeEntries, said)) setAsking(null);
            }}
          />
        )}
        {refusals && <Refused {...refusals} close={() => setRefusals(null)} />}
      </>
    ),
  };
}

function Refused({ changed, refused, close }: Refusals & { close: () => void }) {
  const { t } = useTranslation(["inbox", "common"]);
  return (
    <Modal
      opened
      onClose={close}
      title={t("refused.title", { count: refused.length })}
      closeButtonProps={{ "aria-label": t("common:confirm.close") }}
    >
      <Stack>
        <Text size="sm">{changed > 0 ? t("refused.lead") : t("refused.none")}</Text>
        <Table>
          <Table.Tbody>
            {refused.map(({ id, name, message }) => (
              <Table.Tr key={id}>
                <Table.Th scope="row">{name ?? t("refused.unknown")}</Table.Th>
                <Table.Td>{message}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
    </Modal>
  );
}
