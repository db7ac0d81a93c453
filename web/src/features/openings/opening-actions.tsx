import { Alert, Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { ActionButton } from "../../parts/action-button";
import { useKeptFocus } from "../../parts/kept-focus";
import { done, useOutcome } from "../../parts/notify";
import { useReturnFocus } from "../../parts/return-focus";
import type { OpeningAction, OpeningsOpeningFragment } from "./__generated__/opening";
import { OpeningsCloseDocument, OpeningsReopenDocument, type OpeningsSavedFragment } from "./__generated__/openings";
import { OpeningForm } from "./opening-form";

type Rules = OpeningsSavedFragment["rulesPointingHere"];

/** What can be done to an opening. */
export function OpeningActions({ opening }: { opening: OpeningsOpeningFragment }) {
  const { t } = useTranslation("openings");
  const { t: common } = useTranslation();
  const outcome = useOutcome();
  const [dialog, setDialog] = useState<"edit" | "close" | null>(null);
  const [{ fetching: reopening }, reopenOpening] = useMutation(OpeningsReopenDocument);
  const focus = useKeptFocus();
  const { id, name } = opening;
  const state = (action: OpeningAction) => {
    const found = opening.availableActions.find((each) => each.action === action);
    // An opening is closed or opened again: whichever is possible is shown, unless neither is.
    const other = opening.availableActions.find((each) => each.action === (action === "CLOSE" ? "REOPEN" : "CLOSE"));
    return action !== "UPDATE" && !found?.enabled && other?.enabled ? undefined : found;
  };
  const reopen = async () => {
    const { data, error } = await reopenOpening({ id });
    if (outcome(error, data?.reopenOpening.errors)) done(t("reopen.done", { name }));
  };
  return (
    <Group gap="xs" {...focus.within}>
      <ActionButton state={state("UPDATE")} size="sm" variant="default" onClick={() => setDialog("edit")}>
        {common("edit")}
      </ActionButton>
      <ActionButton state={state("CLOSE")} size="sm" variant="default" onClick={() => setDialog("close")}>
        {t("close.open")}
      </ActionButton>
      <ActionButton state={state("REOPEN")} size="sm" variant="default" loading={reopening} onClick={reopen}>
        {t("reopen.submit")}
      </ActionButton>
      {dialog === "edit" && <OpeningForm opening={opening} close={() => setDialog(null)} />}
      {dialog === "close" && <CloseDialog opening={opening} close={() => setDialog(null)} />}
    </Group>
  );
}

/** Asks before an opening is closed and says what stays; then which rules still point there. */
function CloseDialog({ opening, close }: { opening: OpeningsOpeningFragment; close: () => void }) {
  useReturnFocus();
  const { t } = useTranslation("openings");
  const { t: common } = useTranslation();
  const outcome = useOutcome();
  const focus = useKeptFocus<HTMLDivElement>();
  const [rules, setRules] = useState<Rules>([]);
  const [{ fetching }, closeOpening] = useMutation(OpeningsCloseDocument);
  const { id, name } = opening;
  const go = async () => {
    const { data, error } = await closeOpening({ id });
    if (!outcome(error, data?.closeOpening.errors)) return close();
    done(t("close.done", { name }));
    const pointing = data?.closeOpening.rulesPointingHere ?? [];
    if (pointing.length > 0) setRules(pointing);
    else close();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={rules.length > 0 ? t("close.pointing", { name }) : t("close.title", { name })}
      closeButtonProps={{ "aria-label": common("confirm.close") }}
    >
      {rules.length > 0 ? (
        <Alert ref={focus.place} tabIndex={-1} variant="light" color="orange">
          <Text size="sm">{t("close.waiting")}</Text>
          <List size="sm" mt="xs">
            {rules.map((rule) => (
              <List.Item key={rule.id}>
                {common(`medium.${rule.medium}`)} · {rule.positionName}
              </List.Item>
            ))}
          </List>
        </Alert>
      ) : (
        <Stack gap="md" {...focus.within}>
          <Text size="sm">{t("close.lead")}</Text>
          {opening.rules.length > 0 && <Text size="sm">{t("close.rules", { count: opening.rules.length })}</Text>}
          <Group gap="xs" justify="flex-end">
            <Button variant="default" onClick={close}>
              {common("confirm.cancel")}
            </Button>
            <Button loading={fetching} onClick={() => void go()}>
              {t("close.submit")}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
