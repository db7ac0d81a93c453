import { Button, Group, Select, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface MoveFormProps {
  steps: readonly { readonly id: string; readonly name: string }[];
  /** Where it is to go, unless something else is chosen. */
  suggested: string | null;
  busy: boolean;
  submit: (move: { stepId: string; note?: string }) => void;
  cancel: () => void;
}

/** Where an application goes, and a note. */
export function MoveForm({ steps, suggested, busy, submit, cancel }: MoveFormProps) {
  const { t } = useTranslation("openings");
  const { t: common } = useTranslation();
  const [stepId, setStepId] = useState(suggested);
  const [note, setNote] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (stepId) submit({ stepId, ...(note.trim() ? { note } : {}) });
      }}
    >
      <Stack gap="md">
        <Select
          label={t("move.step")}
          data={steps.map((step) => ({ value: step.id, label: step.name }))}
          value={stepId}
          onChange={setStepId}
          allowDeselect={false}
          data-autofocus
        />
        <Textarea
          label={t("note")}
          autosize
          minRows={2}
          maxLength={5_000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group gap="xs">
          <Button type="submit" loading={busy} disabled={!stepId}>
            {t("move.submit")}
          </Button>
          <Button variant="default" onClick={cancel}>
            {common("confirm.cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
