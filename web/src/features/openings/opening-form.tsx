import { Button, Group, Modal, NumberInput, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "urql";
import { useKeptFocus } from "../../parts/kept-focus";
import { done, errorOf, type UserError, useOutcome } from "../../parts/notify";
import { OpeningsHeadDocument, type OpeningsOpeningFragment, type SelectionStepKind } from "./__generated__/opening";
import { OpeningsCreateDocument, OpeningsUpdateDocument } from "./__generated__/openings";
import { draftOf, newStep, type OpeningDraft, over } from "./flow";
import { FlowEditor } from "./flow-editor";
import { OpeningConflict } from "./opening-conflict";

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

/** Whether the form has a place for what the API says: the rest is announced. */
function hasPlace({ field }: UserError, steps: number): boolean {
  const [input, name, place, part] = field ?? [];
  if (input !== "input") return false;
  if (name === "steps" && place !== undefined) return part === "name" && Number(place) < steps;
  return name === "name" || name === "capacity" || name === "steps";
}

/** An opening's name, seats and flow, in a dialog. */
export function OpeningForm({ opening, close, saved }: OpeningFormProps) {
  const { t } = useTranslation("openings");
  const { t: common } = useTranslation();
  const client = useClient();
  const outcome = useOutcome();
  const [draft, setDraft] = useState<OpeningDraft>(() =>
    opening
      ? draftOf(opening)
      : {
          name: "",
          capacity: "",
          steps: preset.map(([kind, key]) => newStep(kind, t(`preset.${key}` as "preset.entry"))),
        },
  );
  // What was read when the form was opened is what is changed, whatever comes in meanwhile.
  const [read, setRead] = useState(opening);
  const [now, setNow] = useState<OpeningsOpeningFragment | null>(null);
  const [errors, setErrors] = useState<readonly UserError[]>([]);
  const [busy, setBusy] = useState(false);
  const focus = useKeptFocus<HTMLInputElement>();

  const change = (part: Partial<OpeningDraft>) => setDraft({ ...draft, ...part });
  const send = async ({ name, capacity, steps }: OpeningDraft, as: OpeningsOpeningFragment | undefined) => {
    const input = {
      name,
      capacity: typeof capacity === "number" ? capacity : null,
      steps: steps.map((step) => ({ kind: step.kind, name: step.name, ...(step.id ? { id: step.id } : {}) })),
    };
    if (!as) {
      const { data, error } = await client.mutation(OpeningsCreateDocument, { input });
      return { payload: data?.createOpening, error };
    }
    const { id, revision: expectedRevision } = as;
    const { data, error } = await client.mutation(OpeningsUpdateDocument, { id, input, expectedRevision });
    return { payload: data?.updateOpening, error };
  };
  const lookAgain = async (id: string) => {
    const { data, error } = await client.query(OpeningsHeadDocument, { id }, { requestPolicy: "network-only" });
    if (!outcome(error, undefined)) return;
    if (data?.node && "name" in data.node) setNow(data.node);
  };
  const save = async (what: OpeningDraft, as: OpeningsOpeningFragment | undefined) => {
    setBusy(true);
    const { payload, error } = await send(what, as);
    const said = payload?.errors ?? [];
    const conflict = said.some(({ code }) => code === "REVISION_CONFLICT");
    if (as && conflict) await lookAgain(as.id);
    setBusy(false);
    if (conflict) return;
    setErrors(said);
    outcome(
      error,
      said.filter((each) => !hasPlace(each, what.steps.length)),
    );
    if (!payload?.opening) return;
    done(t("form.saved", { name: payload.opening.name }));
    close();
    saved?.(payload.opening.id);
  };
  const decide = (found: OpeningsOpeningFragment, mine: OpeningDraft) => {
    setNow(null);
    setErrors([]);
    setRead(found);
    setDraft(mine);
  };
  const overwrite = async (found: OpeningsOpeningFragment) => {
    const mine = over(found, draft);
    decide(found, mine);
    await save(mine, found);
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
          void save(draft, read);
        }}
      >
        <Stack gap="md" {...focus.within}>
          {now && (
            <OpeningConflict
              now={draftOf(now)}
              yours={draft}
              busy={busy}
              take={() => decide(now, draftOf(now))}
              overwrite={() => void overwrite(now)}
            />
          )}
          <TextInput
            ref={focus.place}
            label={t("form.name")}
            description={t("form.nameHint")}
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={errorOf(errors, "input", "name")}
            maxLength={100}
            required
            data-autofocus
          />
          <NumberInput
            label={t("form.capacity")}
            description={t("form.capacityHint")}
            value={draft.capacity}
            onChange={(capacity) => change({ capacity })}
            error={errorOf(errors, "input", "capacity")}
            min={1}
            max={10_000}
            allowDecimal={false}
            hideControls
          />
          <FlowEditor
            steps={draft.steps}
            change={(steps) => change({ steps })}
            error={errorOf(errors, "input", "steps")}
            errorOfName={(place) => errorOf(errors, "input", "steps", String(place), "name")}
          />
          <Group gap="xs" justify="flex-end">
            <Button variant="default" onClick={close}>
              {common("confirm.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={now !== null}>
              {opening ? common("save") : t("form.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
