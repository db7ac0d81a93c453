import { Button, Group, Modal, NumberInput, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "urql";
import { done, errorOf, refused, type UserError } from "../../parts/notify";
import { useTrouble } from "../../parts/trouble";
import type { OpeningsOpeningFragment, SelectionStepKind } from "./__generated__/opening";
import { OpeningsCreateDocument, OpeningsUpdateDocument } from "./__generated__/openings";
import { type FlowStep, newStep } from "./flow";
import { FlowEditor } from "./flow-editor";

interface OpeningFormProps {
  /** What is edited; left out for a new one. */
  opening?: OpeningsOpeningFragment;
  close: () => void;
  saved?: (id: string) => void;
}

const preset: readonly (readonly [SelectionStepKind, string])[] = [
  ["ENTRY", "entry"],
  ["DOCUMENT_SCREENING", "screening"],
  ["INTERVIEW", "first"],
  ["INTERVIEW", "second"],
  ["FINAL_INTERVIEW", "final"],
  ["OFFER", "offer"],
  ["OFFER_ACCEPTED", "accepted"],
  ["JOINED", "joined"],
];

/** An opening's name, seats and flow, in a dialog. */
export function OpeningForm({ opening, close, saved }: OpeningFormProps) {
  const { t } = useTranslation("openings");
  const { t: common } = useTranslation();
  const client = useClient();
  const trouble = useTrouble();
  const [name, setName] = useState(opening?.name ?? "");
  const [capacity, setCapacity] = useState<number | string>(opening?.capacity ?? "");
  const [steps, setSteps] = useState<FlowStep[]>(() =>
    opening
      ? opening.steps.map((step) => ({ ...step, key: step.id }))
      : preset.map(([kind, key]) => newStep(kind, t(`preset.${key}` as "preset.entry"))),
  );
  // What was read when the form was opened is what is changed, whatever comes in meanwhile.
  const [expectedRevision] = useState(opening?.revision);
  const [errors, setErrors] = useState<readonly UserError[]>([]);
  const [busy, setBusy] = useState(false);

  const send = async () => {
    const input = {
      name,
      capacity: typeof capacity === "number" ? capacity : null,
      steps: steps.map((step) => ({ kind: step.kind, name: step.name, ...(step.id ? { id: step.id } : {}) })),
    };
    if (!opening) {
      const { data, error } = await client.mutation(OpeningsCreateDocument, { input });
      return { payload: data?.createOpening, error };
    }
    const { data, error } = await client.mutation(OpeningsUpdateDocument, { id: opening.id, input, expectedRevision });
    return { payload: data?.updateOpening, error };
  };
  const submit = async () => {
    setBusy(true);
    const { payload, error } = await send();
    setBusy(false);
    if (error) return refused(trouble(error).message);
    setErrors(payload?.errors ?? []);
    for (const each of payload?.errors ?? []) if (each.field?.[0] !== "input") refused(each.message);
    if (!payload?.opening) return;
    done(t("form.saved", { name: payload.opening.name }));
    close();
    saved?.(payload.opening.id);
  };

  return (
    <Modal
      opened
      onClose={close}
      size="xl"
      title={opening ? t("form.edit") : t("form.create")}
      closeButtonProps={{ "aria-label": common("confirm.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="md">
          <TextInput
            label={t("form.name")}
            description={t("form.nameHint")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={errorOf(errors, "input", "name")}
            maxLength={100}
            required
            data-autofocus
          />
          <NumberInput
            label={t("form.capacity")}
            description={t("form.capacityHint")}
            value={capacity}
            onChange={setCapacity}
            error={errorOf(errors, "input", "capacity")}
            min={1}
            max={10_000}
            allowDecimal={false}
            hideControls
          />
          <FlowEditor
            steps={steps}
            change={setSteps}
            error={errorOf(errors, "input", "steps")}
            errorOfName={(place) => errorOf(errors, "input", "steps", String(place), "name")}
          />
          <Group gap="xs" justify="flex-end">
            <Button variant="default" onClick={close}>
              {common("confirm.cancel")}
            </Button>
            <Button type="submit" loading={busy}>
              {opening ? common("save") : t("form.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
