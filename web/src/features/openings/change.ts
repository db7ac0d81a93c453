import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "urql";
import { done, refused, useOutcome } from "../../parts/notify";
import {
  type ClosingReason,
  type OpeningsApplicationStateFragment,
  type OpeningsChangedFragment,
  OpeningsEndDocument,
  type OpeningsLineFragment,
  OpeningsMoveDocument,
  OpeningsRerouteDocument,
  OpeningsTakeUpDocument,
  type SelectionOutcome,
} from "./__generated__/application";
import { offerBack } from "./offer-back";

/** What somebody wants done to an application. */
export type Change =
  | { kind: "move"; stepId: string; note?: string }
  | { kind: "end"; outcome: SelectionOutcome; reasons: ClosingReason[]; note?: string }
  | { kind: "takeUp" }
  | { kind: "reroute"; openingId: string };

/** An application as it was read. */
export interface Read {
  readonly id: string;
  readonly revision: number;
}

/** What somebody else did meanwhile to what was to be changed. */
export interface Conflict {
  change: Change;
  application: OpeningsApplicationStateFragment;
  changes: readonly OpeningsLineFragment[];
}

function useSend() {
  const client = useClient();
  return async ({ id, revision: expectedRevision }: Read, change: Change) => {
    const read = { id, expectedRevision };
    switch (change.kind) {
      case "move": {
        const { stepId, note } = change;
        const { data, error } = await client.mutation(OpeningsMoveDocument, { ...read, stepId, note });
        return { payload: data?.moveApplication, error };
      }
      case "end": {
        const { outcome, reasons, note } = change;
        const { data, error } = await client.mutation(OpeningsEndDocument, { ...read, outcome, reasons, note });
        return { payload: data?.closeApplication, error };
      }
      case "takeUp": {
        const { data, error } = await client.mutation(OpeningsTakeUpDocument, read);
        return { payload: data?.reopenApplication, error };
      }
      case "reroute": {
        const { openingId } = change;
        const { data, error } = await client.mutation(OpeningsRerouteDocument, { ...read, openingId });
        return { payload: data?.rerouteApplication, error };
      }
    }
  };
}

/**
 * Changes one application as it was read; where somebody else was quicker, `conflict` says what they did. That it was
 * done is announced, and told to `say`; a move can be taken back from there.
 */
export function useChange(say?: (message: string) => void) {
  const { t } = useTranslation("openings");
  const send = useSend();
  const outcome = useOutcome();
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [busy, setBusy] = useState(false);

  const said = (application: OpeningsApplicationStateFragment, change: Change): string => {
    const name = application.candidate.name;
    switch (change.kind) {
      case "move":
        return t("said.move", { name, step: application.step.name });
      case "end":
        return t("said.end", { name, outcome: t(`outcome.${application.outcome}`) });
      case "takeUp":
        return t("said.takeUp", { name });
      case "reroute":
        return t("said.reroute", { name, opening: application.opening.name });
    }
  };

  // Where it came from: a move is taken back by a move.
  const takeBack = async (application: OpeningsApplicationStateFragment, stepId: string) => {
    const change: Change = { kind: "move", stepId };
    const { payload, error } = await send(application, change);
    if (payload?.conflict) return refused(t("takeBack.conflict"));
    if (!outcome(error, payload?.errors) || !payload?.application) return;
    say?.(said(payload.application, change));
    done(said(payload.application, change));
  };
  const tell = (application: OpeningsApplicationStateFragment, change: Change) => {
    const message = said(application, change);
    say?.(message);
    const from = application.history.findLast((line) => line.revision === application.revision)?.fromStep?.id;
    if (change.kind === "move" && from) void offerBack(message, () => takeBack(application, from));
    else if (!say) done(message);
  };

  const settle = (payload: OpeningsChangedFragment | undefined, change: Change): Read | null => {
    if (payload?.conflict) {
      setConflict({ change, ...payload.conflict });
      return null;
    }
    if (!payload?.application) return null;
    setConflict(null);
    tell(payload.application, change);
    return payload.application;
  };

  const run = async (read: Read, change: Change): Promise<Read | null> => {
    setBusy(true);
    const { payload, error } = await send(read, change);
    setBusy(false);
    if (!payload?.conflict && !outcome(error, payload?.errors)) {
      setConflict(null);
      return null;
    }
    return settle(payload, change);
  };

  return { run, busy, conflict, giveUp: () => setConflict(null) };
}
