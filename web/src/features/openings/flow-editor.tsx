import { Feedback, PointerSensor, PreventSelection, StyleInjector } from "@dnd-kit/dom";
import { DragDropProvider } from "@dnd-kit/react";
import { useSortable } from "@dnd-kit/react/sortable";
import { ActionIcon, Button, Group, Paper, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconGripVertical, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type FlowStep, kinds, newStep, put } from "./flow";

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
const plugins = [Feedback, PreventSelection, StyleInjector.configure({ nonce })];
const sensors = [PointerSensor];
const mostSteps = 30;

interface FlowEditorProps {
  steps: readonly FlowStep[];
  change: (steps: FlowStep[]) => void;
  /** What the API says of the flow, and of the name of a step. */
  error: string | null;
  errorOfName: (place: number) => string | null;
}

/** The steps of a flow: named, added, taken away, and put in order. */
export function FlowEditor({ steps, change, error, errorOfName }: FlowEditorProps) {
  const { t } = useTranslation("openings");
  const focus = useFocusWithin();
  const remove = (place: number) => {
    const rest = steps.filter((_, i) => i !== place);
    const next = rest[Math.min(place, rest.length - 1)];
    if (next) focus.on(next.key, "name");
    change(rest);
  };
  const shift = (place: number, by: 1 | -1) => {
    const step = steps[place];
    if (step) focus.on(step.key, by > 0 ? "down" : "up");
    change(put(steps, place, place + by));
  };
  const add = () => {
    const step = newStep("INTERVIEW", "");
    focus.on(step.key, "name");
    change([...steps, step]);
  };
  return (
    <Stack gap="xs" role="group" aria-label={t("form.steps")} ref={focus.within}>
      <Text size="sm" fw={500}>
        {t("form.steps")}
      </Text>
      <DragDropProvider
        plugins={plugins}
        sensors={sensors}
        onDragEnd={({ operation: { source, target }, canceled }) => {
          if (canceled || !source || !target) return;
          const from = steps.findIndex((step) => step.key === source.id);
          const to = steps.findIndex((step) => step.key === target.id);
          const index = "index" in source && typeof source.index === "number" ? source.index : to;
          if (from >= 0 && index >= 0 && from !== index) change(put(steps, from, index));
        }}
      >
        {steps.map((step, place) => (
          <StepRow
            key={step.key}
            step={step}
            place={place}
            last={place === steps.length - 1}
            error={errorOfName(place)}
            rename={(part) => change(steps.map((each) => (each.key === step.key ? { ...each, ...part } : each)))}
            shift={(by) => shift(place, by)}
            remove={() => remove(place)}
          />
        ))}
      </DragDropProvider>
      {error && (
        <Text role="alert" size="sm" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
      <Group>
        <Button size="xs" variant="default" disabled={steps.length >= mostSteps} onClick={add}>
          {t("form.addStep")}
        </Button>
      </Group>
    </Stack>
  );
}

/** Puts the focus on a part of a step once it stands where it is to be; on its name where that part is shut. */
function useFocusWithin() {
  const within = useRef<HTMLDivElement>(null);
  const wanted = useRef<{ key: string; part: "name" | "up" | "down" } | null>(null);
  useEffect(() => {
    if (!wanted.current) return;
    const { key, part } = wanted.current;
    wanted.current = null;
    const row = within.current?.querySelector(`[data-step="${key}"]`);
    const found = (name: string) => row?.querySelector<HTMLElement>(`[data-part="${name}"]:not(:disabled)`);
    (found(part) ?? found("name"))?.focus();
  });
  return {
    within,
    on: (key: string, part: "name" | "up" | "down") => {
      wanted.current = { key, part };
    },
  };
}

interface StepRowProps {
  step: FlowStep;
  place: number;
  last: boolean;
  error: string | null;
  rename: (part: Partial<Pick<FlowStep, "name" | "kind">>) => void;
  shift: (by: 1 | -1) => void;
  remove: () => void;
}

function StepRow({ step, place, last, error, rename, shift, remove }: StepRowProps) {
  const { t } = useTranslation("openings");
  const { ref, handleRef } = useSortable({ id: step.key, index: place });
  const number = place + 1;
  const known = { step: step.name || t("form.step", { number }) };
  return (
    <Paper withBorder p="xs" ref={ref} data-step={step.key}>
      <Group gap="xs" align="flex-end" wrap="wrap">
        <ActionIcon
          ref={handleRef}
          variant="subtle"
          color="gray"
          size={36}
          tabIndex={-1}
          aria-hidden
          style={{ cursor: "grab", touchAction: "none" }}
        >
          <IconGripVertical size={16} aria-hidden />
        </ActionIcon>
        <TextInput
          label={t("form.stepName", { number })}
          data-part="name"
          value={step.name}
          error={error}
          maxLength={100}
          flex="2 1 160px"
          onChange={(event) => rename({ name: event.currentTarget.value })}
        />
        <Select
          label={t("form.stepKind", { number })}
          data={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
          value={step.kind}
          allowDeselect={false}
          flex="1 1 130px"
          onChange={(kind) => {
            const found = kinds.find((each) => each === kind);
            if (found) rename({ kind: found });
          }}
        />
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            variant="default"
            size={36}
            disabled={place === 0}
            aria-label={t("form.up", known)}
            data-part="up"
            onClick={() => shift(-1)}
          >
            <IconArrowUp size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size={36}
            disabled={last}
            aria-label={t("form.down", known)}
            data-part="down"
            onClick={() => shift(1)}
          >
            <IconArrowDown size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon variant="default" size={36} aria-label={t("form.removeStep", known)} onClick={remove}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
    </Paper>
  );
}
