import { Group, Paper, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ActionButton } from "../../parts/action-button";
import type { ApplicationAction, OpeningsApplicationStateFragment } from "./__generated__/application";
import { type Change, type Read, useChange } from "./change";
import { ConflictNotice } from "./conflict";
import { EndForm } from "./end-form";
import { MoveForm } from "./move-form";
import { RerouteForm } from "./reroute-form";

type Form = "move" | "end" | "reroute";

interface ApplicationActionsProps {
  application: OpeningsApplicationStateFragment;
  /** Only what is done most: on to the next step, or to an end. */
  brief?: boolean;
}

/** What can be done to an application, and the forms for it. */
export function ApplicationActions({ application, brief = false }: ApplicationActionsProps) {
  const { t } = useTranslation("openings");
  const { run, busy, conflict, giveUp } = useChange();
  // As it was read when the form was opened: whoever fills it in decides on that.
  const [open, setOpen] = useState<{ form: Form; read: Read } | null>(null);
  const { id, revision, opening, step } = application;
  const read = { id, revision };
  const state = (action: ApplicationAction) => application.availableActions.find((each) => each.action === action);
  const next = opening.steps.find((each) => each.position > step.position);
  const toggle = (form: Form) => setOpen(open?.form === form ? null : { form, read });
  const close = () => setOpen(null);
  const change = async (what: Change, as: Read = open?.read ?? read) => {
    if (await run(as, what)) close();
  };
  const size = brief ? "xs" : "sm";
  const expanded = (form: Form) => ({ size, variant: "default", "aria-expanded": open?.form === form });
  const forms = {
    move: () => (
      <MoveForm
        steps={opening.steps.filter((each) => each.id !== step.id)}
        suggested={next?.id ?? null}
        busy={busy}
        submit={(move) => change({ kind: "move", ...move })}
        cancel={close}
      />
    ),
    end: () => <EndForm busy={busy} submit={(ending) => change({ kind: "end", ...ending })} cancel={close} />,
    reroute: () => (
      <RerouteForm
        openingId={opening.id}
        busy={busy}
        submit={(openingId) => change({ kind: "reroute", openingId })}
        cancel={close}
      />
    ),
  };
  return (
    <Stack gap="sm">
      <Group gap="xs">
        {next && (
          <ActionButton
            state={state("MOVE")}
            size={size}
            loading={busy && !open}
            onClick={() => change({ kind: "move", stepId: next.id }, read)}
          >
            {t("move.next", { step: next.name })}
          </ActionButton>
        )}
        {!brief && (
          <ActionButton state={state("MOVE")} {...expanded("move")} onClick={() => toggle("move")}>
            {t("move.open")}
          </ActionButton>
        )}
        <ActionButton state={state("CLOSE")} {...expanded("end")} onClick={() => toggle("end")}>
          {t("end.open")}
        </ActionButton>
        {!brief && (
          <>
            <ActionButton state={state("REOPEN")} variant="default" onClick={() => change({ kind: "takeUp" }, read)}>
              {t("takeUp")}
            </ActionButton>
            <ActionButton state={state("REROUTE")} {...expanded("reroute")} onClick={() => toggle("reroute")}>
              {t("reroute.open")}
            </ActionButton>
          </>
        )}
      </Group>
      {conflict && (
        <ConflictNotice
          conflict={conflict}
          busy={busy}
          goOn={() => change(conflict.change, conflict.application)}
          giveUp={() => {
            giveUp();
            close();
          }}
        />
      )}
      {open && !conflict && (
        <Paper withBorder p="md">
          {forms[open.form]()}
        </Paper>
      )}
    </Stack>
  );
}
