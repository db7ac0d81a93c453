import { Alert, Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { ActionButton } from "../../parts/action-button";
import { done, useOutcome } from "../../parts/notify";
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
  const [rules, setRules] = useState<Rules>([]);
  const [{ fetching: closing }, closeOpening] = useMutation(OpeningsCloseDocument);
  const [{ fetching: reopening }, reopenOpening] = useMutation(OpeningsReopenDocument);
  const { id, name } = opening;
  const state = (action: OpeningAction) => {
    const found = opening.availableActions.find((each) => each.action === action);
    // An opening is closed or opened again: whichever is possible is shown, unless neither is.
    const other = opening.availableActions.find((each) => each.action === (action === "CLOSE" ? "REOPEN" : "CLOSE"));
    return action !== "UPDATE" && !found?.enabled && other?.enabled ? undefined : found;
  };
  const close = async () => {
    const { data, error } = await closeOpening({ id });
    setDialog(null);
    if (!outcome(error, data?.closeOpening.errors)) return;
    done(t("close.done", { name }));
    setRules(data?.closeOpening.rulesPointingHere ?? []);
  };
  const reopen = async () => {
    const { data, error } = await reopenOpening({ id });
    if (!outcome(error, data?.reopenOpening.errors)) return;
    setRules([]);
    done(t("reopen.done", { name }));
  };
  const dismiss = { "aria-label": common("confirm.close") };
  return (
    <>
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
      <Modal
        opened={dialog === "close"}
        onClose={() => setDialog(null)}
        title={t("close.title", { name })}
        closeButtonProps={dismiss}
      >
        <Stack gap="md">
          <Text size="sm">{t("close.lead")}</Text>
          {opening.rules.length > 0 && <Text size="sm">{t("close.rules", { count: opening.rules.length })}</Text>}
          <Group gap="xs" justify="flex-end">
            <Button variant="default" onClick={() => setDialog(null)}>
              {common("confirm.cancel")}
            </Button>
            <Button loading={closing} onClick={close}>
              {t("close.submit")}
            </Button>
          </Group>
        </Stack>
      </Modal>
      <Modal
        opened={rules.length > 0}
        onClose={() => setRules([])}
        title={t("close.pointing", { name })}
        closeButtonProps={dismiss}
      >
        <Alert variant="light" color="orange">
          <Text size="sm">{t("close.waiting")}</Text>
          <List size="sm" mt="xs">
            {rules.map((rule) => (
              <List.Item key={rule.id}>
                {common(`medium.${rule.medium}`)} · {rule.positionName}
              </List.Item>
            ))}
          </List>
        </Alert>
      </Modal>
    </>
  );
}
