import { Button, Group, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useClient } from "urql";
import { serverNow } from "../../graphql/clock";
import { announce, done, useOutcome, withdraw } from "../../parts/notify";
import { reasonsOf } from "../../parts/refusals";
import { timeOf } from "../../parts/time";
import { type InboxActionFragment, InboxUndoDocument } from "./__generated__/routing";

let shown: string | null = null;
const noteOf = (id: string) => `inbox-undo-${id}`;

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

// For so long the way back lies over the page; after that it is in the history.
const atHand = 30_000;

/** Says what was done, with a button that takes it back, and where one finds that later. */
export function useDone(): (message: string, action: InboxActionFragment | null | undefined) => void {
  const { t, i18n } = useTranslation(["inbox", "common"]);
  const undo = useUndo();
  return (message, action) => {
    if (!action?.undoable) return done(message);
    // The latest takes the place of the one before, which can be undone in the history.
    if (shown) void withdraw(shown);
    shown = noteOf(action.id);
    void announce({
      id: shown,
      color: "teal",
      // It does not interrupt who is being read to.
      role: "status",
      autoClose: Math.min(atHand, Math.max(0, Date.parse(action.undoableUntil) - serverNow())),
      message: (
        <Group justify="space-between" gap="xs">
          <div>
            <Text size="sm">{message}</Text>
            <Text size="xs" c="dimmed">
              {t("undo.later", { time: timeOf(action.undoableUntil, i18n.language) })}
            </Text>
          </div>
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconArrowBackUp size={16} aria-hidden />}
            onClick={() => {
              void undo(action.id);
            }}
          >
            {t("common:undo")}
          </Button>
        </Group>
      ),
    });
  };
}
