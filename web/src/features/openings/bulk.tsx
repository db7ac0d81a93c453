import { Alert, Button, Group, List, Menu, Modal, Paper, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "urql";
import { done, useOutcome } from "../../parts/notify";
import type { ClosingReason, SelectionOutcome } from "./__generated__/application";
import { OpeningsEndManyDocument, OpeningsMoveManyDocument } from "./__generated__/opening";
import type { Card } from "./arrange";
import classes from "./board.module.css";
import { EndForm } from "./end-form";

/** As many as the API takes at once. */
export const mostPicked = 50;

interface BulkProps {
  picked: ReadonlyMap<string, Card>;
  steps: readonly { readonly id: string; readonly name: string }[];
  clear: () => void;
  changed: () => void;
}

interface Ending {
  outcome: SelectionOutcome;
  reasons: ClosingReason[];
  note?: string;
}

/** What can be done to all who are picked, and whom it was refused for. */
export function Bulk({ picked, steps, clear, changed }: BulkProps) {
  const { t } = useTranslation("openings");
  const { t: common } = useTranslation();
  const client = useClient();
  const outcome = useOutcome();
  const [busy, setBusy] = useState(false);
  const [ending, setEnding] = useState(false);
  const [refused, setRefused] = useState<{ id: string; name: string; message: string }[]>([]);

  // The API takes those of one step at a time.
  const each = async (what: { stepId: string } | Ending) => {
    setBusy(true);
    let count = 0;
    const passedOver: typeof refused = [];
    const all = [...picked.values()];
    for (const stepId of new Set(all.map((card) => card.step.id))) {
      const cards = all.filter((card) => card.step.id === stepId);
      const applications = cards.map((card) => ({ id: card.id, expectedRevision: card.revision }));
      const { payload, error } = await send(what, applications);
      if (!outcome(error, payload?.errors) || !payload) continue;
      count += payload.applications.length;
      for (const { id, message } of payload.refused)
        passedOver.push({ id, message, name: picked.get(id)?.candidate.name ?? "" });
    }
    setBusy(false);
    setEnding(false);
    setRefused(passedOver);
    if (count > 0) done("stepId" in what ? t("bulk.moved", { count }) : t("bulk.ended", { count }));
    clear();
    changed();
  };
  const send = async (what: { stepId: string } | Ending, applications: { id: string; expectedRevision: number }[]) => {
    if ("stepId" in what) {
      const { data, error } = await client.mutation(OpeningsMoveManyDocument, { applications, stepId: what.stepId });
      return { payload: data?.moveApplications, error };
    }
    const { data, error } = await client.mutation(OpeningsEndManyDocument, { applications, ...what });
    return { payload: data?.closeApplications, error };
  };

  return (
    <>
      {refused.length > 0 && (
        <Alert
          role="alert"
          color="orange"
          variant="light"
          title={t("bulk.refused", { count: refused.length })}
          withCloseButton
          closeButtonLabel={common("confirm.close")}
          onClose={() => setRefused([])}
        >
          <List size="sm">
            {refused.map(({ id, name, message }) => (
              <List.Item key={id}>{t("bulk.refusal", { name, message })}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {picked.size > 0 && (
        <Paper
          withBorder
          shadow="md"
          p="sm"
          className={classes.picked ?? ""}
          role="region"
          aria-label={t("bulk.label")}
        >
          <Group justify="space-between" gap="sm">
            <Text size="sm" fw={600} role="status">
              {t("bulk.picked", { count: picked.size })}
            </Text>
            <Group gap="xs">
              <Menu shadow="md" position="top">
                <Menu.Target>
                  <Button size="sm" loading={busy}>
                    {t("bulk.move")}
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  {steps.map((step) => (
                    <Menu.Item key={step.id} onClick={() => void each({ stepId: step.id })}>
                      {step.name}
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
              <Button size="sm" variant="default" onClick={() => setEnding(true)}>
                {t("end.open")}
              </Button>
              <Button size="sm" variant="subtle" onClick={clear}>
                {t("bulk.clear")}
              </Button>
            </Group>
          </Group>
        </Paper>
      )}
      <Modal
        opened={ending}
        onClose={() => setEnding(false)}
        title={t("bulk.endTitle", { count: picked.size })}
        closeButtonProps={{ "aria-label": common("confirm.close") }}
      >
        <EndForm busy={busy} submit={(how) => void each(how)} cancel={() => setEnding(false)} />
      </Modal>
    </>
  );
}
