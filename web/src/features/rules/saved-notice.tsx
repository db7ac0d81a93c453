import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { useServerNow } from "../../graphql/clock";
import { TextLink } from "../../parts/links";
import { done, useOutcome } from "../../parts/notify";
import { reasonsOf } from "../../parts/refusals";
import { short } from "../../parts/time";
import { type RulesSavedFragment, RulesUndoDocument } from "./__generated__/rules";

interface SavedNoticeProps {
  saved: RulesSavedFragment;
  isNew: boolean;
  close: () => void;
}

/** What saving a rule has done, and for a quarter of an hour the way back. */
export function SavedNotice({ saved, isNew, close }: SavedNoticeProps) {
  const { t, i18n } = useTranslation("rules");
  const { t: common } = useTranslation();
  const outcome = useOutcome();
  const now = useServerNow(10_000);
  const [undoing, undo] = useMutation(RulesUndoDocument);
  const { rule, action, routedCount } = saved;
  if (!rule) return null;
  const undoable = action?.undoable && Date.parse(action.undoableUntil) > now ? action : null;

  async function takeBack(id: string) {
    const { data, error } = await undo({ id });
    const undone = data?.undoRoutingAction;
    if (!outcome(error, undone?.errors) || !undone) return;
    const said = [t("saved.undone", { count: undone.undoneCount })];
    if (undone.refusedCount > 0) said.push(t("saved.refused", { count: undone.refusedCount }));
    for (const { message, count } of reasonsOf(undone.refused))
      said.push(t("saved.reason", { message, people: t("preview.people", { count }) }));
    done(said.join(" "));
    close();
  }

  return (
    <Alert
      role="status"
      color="teal"
      variant="light"
      icon={<IconCheck aria-hidden />}
      title={t(isNew ? "saved.created" : "saved.updated", { name: rule.positionName })}
      withCloseButton
      closeButtonLabel={common("confirm.close")}
      onClose={close}
    >
      {routedCount > 0 && (
        <Stack gap="xs" align="flex-start">
          <Text size="sm">{t("saved.routed", { count: routedCount, opening: rule.opening.name })}</Text>
          <Group gap="sm">
            {undoable && (
              <Button size="xs" variant="default" loading={undoing.fetching} onClick={() => takeBack(undoable.id)}>
                {common("undo")}
              </Button>
            )}
            <TextLink
              size="sm"
              underline="always"
              c="inherit"
              to="/inbox"
              search={{ state: "ROUTED", medium: rule.medium, position: rule.positionName }}
            >
              {t("saved.see")}
            </TextLink>
            {undoable && (
              <Text size="xs">{t("saved.until", { time: short(undoable.undoableUntil, i18n.language) })}</Text>
            )}
          </Group>
        </Stack>
      )}
    </Alert>
  );
}
