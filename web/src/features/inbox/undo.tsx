import { Button, Group, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useClient } from "urql";
import { serverNow } from "../../graphql/clock";
import { announce, done, useOutcome, withdraw } from "../../parts/notify";
import { type InboxActionFragment, InboxUndoDocument } from "./__generated__/routing";

let shown: string | null = null;
const noteOf = (id: string) => `inbox-undo-${id}`;

/** Why some were left out, each reason once, with how many it holds for. */
export function reasonsOf(refused: readonly { readonly message: string }[]): { message: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { message } of refused) counts.set(message, (counts.get(message) ?? 0) + 1);
  return [...counts].map(([message, count]) => ({ message, count }));
}

/** Takes an action back and says what came of it; true where it did. It outlives the page that asked. */
export function useUndo(): (id: string) => Promise<boolean> {
  const { t } = useTranslation("inbox");
  const client = useClient();
  const outcome = useOutcome();
  return async (id) => {
    const { data, error } = await client.mutation(InboxUndoDocument, { id });
    const undone = data?.undoRoutingAction;
    if (!outcome(error, undone?.errors) || !undone) return false;
    if (shown === noteOf(id)) void withdraw(shown);
    const said = [t("undo.done", { count: undone.undoneCount })];
    if (undone.refusedCount > 0) {
      said.push(t("undo.kept", { count: undone.refusedCount }));
      for (const { message, count } of reasonsOf(undone.refused)) said.push(`${message} (${t("people", { count })})`);
    }
    if (undone.erasedCount > 0) said.push(t("undo.erased", { count: undone.erasedCount }));
    done(said.join(" "));
    return true;
  };
}

/** Says what was done, with a button that takes it back as long as that is possible. */
export function useDone(): (message: string, action: InboxActionFragment | null | undefined) => void {
  const { t } = useTranslation();
  const undo = useUndo();
  return (message, action) => {
    if (!action?.undoable) return done(message);
    // The latest takes the place of the one before, which can be undone in the history.
    if (shown) void withdraw(shown);
    shown = noteOf(action.id);
    void announce({
      id: shown,
      color: "teal",
      autoClose: Math.max(0, Date.parse(action.undoableUntil) - serverNow()),
      message: (
        <Group justify="space-between" gap="xs">
          <Text size="sm">{message}</Text>
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconArrowBackUp size={16} aria-hidden />}
            onClick={() => {
              void undo(action.id);
            }}
          >
            {t("undo")}
          </Button>
        </Group>
      ),
    });
  };
}
