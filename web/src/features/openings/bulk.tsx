import { Alert, Button, Group, List, Menu, Modal, Paper, Stack, Text } from "@mantine/core";
import { type Dispatch, type SetStateAction, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "urql";
import { done, useOutcome } from "../../parts/notify";
import type { ApplicationAction, ClosingReason, SelectionOutcome } from "./__generated__/application";
import { OpeningsEndManyDocument, OpeningsMoveManyDocument } from "./__generated__/opening";
import { type Card, refresh } from "./arrange";
import classes from "./board.module.css";
import { EndForm } from "./end-form";

/** As many as the API takes at once. */
export const mostPicked = 50;

interface BulkProps {
  picked: ReadonlyMap<string, Card>;
  steps: readonly { readonly id: string; readonly name: string }[];
  setPicked: Dispatch<SetStateAction<ReadonlyMap<string, Card>>>;
  changed: () => void;
}

interface Ending {
  outcome: SelectionOutcome;
  reasons: ClosingReason[];
  note?: string;
}

type What = { stepId: string } | Ending;

interface Refusal {
  id: string;
  name: string;
  message: string;
  /** As it stands by now, where somebody else was quicker. */
  card: Card | undefined;
}

/** What can be done to all who are picked, and whom it was refused for. */
export function Bulk({ picked, steps, setPicked, changed }: BulkProps) {
  const { t } = useTranslation("openings");
  const { t: common } = useTranslation();
  const client = useClient();
  const outcome = useOutcome();
  const [busy, setBusy] = useState(false);
  const [ending, setEnding] = useState(false);
  // Who was passed over, and for what: it may be tried again.
  const [refused, setRefused] = useState<{ what: What; all: readonly Refusal[] } | null>(null);
  const can = (action: ApplicationAction) =>
    [...picked.values()].some((card) => card.availableActions.some((each) => each.action === action && each.enabled));
  const clear = () => setPicked(new Map());

  // The API takes those of one step at a time.
  const each = async (what: What, all = [...picked.values()]) => {
    setBusy(true);
    const changedOnes = new Set<string>();
    const passedOver: Refusal[] = [];
    let told = true;
    for (const stepId of new Set(all.map((card) => card.step.id))) {
      const cards = all.filter((card) => card.step.id === stepId);
      const applications = cards.map((card) => ({ id: card.id, expectedRevision: card.revision }));
      const { payload, error } = await send(what, applications);
      told = outcome(error, payload?.errors) && payload !== undefined;
      if (!told || !payload) break;
      for (const { id } of payload.applications) changedOnes.add(id);
      for (const { id, message, conflict } of payload.refused)
        passedOver.push({ id, message, card: conflict?.application, name: picked.get(id)?.candidate.name ?? "" });
    }
    setBusy(false);
    // What was typed stays with those for whom it could not even be asked.
    if (told) setEnding(false);
    setRefused(passedOver.length > 0 ? { what, all: passedOver } : null);
    const count = changedOnes.size;
    if (count > 0) done("stepId" in what ? t("bulk.moved", { count }) : t("bulk.ended", { count }));
    // Whoever is not done stays picked, as they stand by now.
    const newest = passedOver.flatMap(({ card }) => card ?? []);
    setPicked((before) => refresh(new Map([...before].filter(([id]) => !changedOnes.has(id))), newest));
    changed();
  };
  const send = async (what: What, applications: { id: string; expectedRevision: number }[]) => {
    if ("stepId" in what) {
      const { data, error } = await client.mutation(OpeningsMoveManyDocument, { applications, stepId: what.stepId });
      return { payload: data?.moveApplications, error };
    }
    const { data, error } = await client.mutation(OpeningsEndManyDocument, { applications, ...what });
    return { payload: data?.closeApplications, error };
  };

  // Who was changed by somebody else and is still picked: the rest would only be refused once more.
  const again = (refused?.all ?? []).flatMap(({ id, card }) => (card && picked.get(id)) || []);
  return (
    <>
      {refused && (
        <Alert
          role="alert"
          color="orange"
          variant="light"
          title={t("bulk.refused", { count: refused.all.length })}
          withCloseButton
          closeButtonLabel={common("confirm.close")}
          onClose={() => setRefused(null)}
        >
          <Stack gap="xs" align="flex-start">
            <List size="sm">
              {refused.all.map(({ id, name, message }) => (
                <List.Item key={id}>{t("bulk.refusal", { name, message })}</List.Item>
              ))}
            </List>
            {again.length > 0 && (
              <Button size="xs" variant="default" loading={busy} onClick={() => void each(refused.what, again)}>
                {t("bulk.again")}
              </Button>
            )}
          </Stack>
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
              {can("MOVE") && (
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
              )}
              {can("CLOSE") && (
                <Button size="sm" variant="default" onClick={() => setEnding(true)}>
                  {t("end.open")}
                </Button>
              )}
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
