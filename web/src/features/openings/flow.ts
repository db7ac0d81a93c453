import type { OpeningsOpeningFragment, SelectionStepKind } from "./__generated__/opening";

/** A step as it stands in the form. `key` tells it from the others while it has no id. */
export interface FlowStep {
  key: string;
  id?: string;
  kind: SelectionStepKind;
  name: string;
  /** How many stand there: such a step stays. */
  applicationCount: number;
}

/** An opening as it stands in the form. */
export interface OpeningDraft {
  name: string;
  /** What is typed, until it is a number; empty for any number of seats. */
  capacity: number | string;
  steps: FlowStep[];
}

/** The form of an opening that is there. */
export function draftOf({ name, capacity, steps }: OpeningsOpeningFragment): OpeningDraft {
  return { name, capacity: capacity ?? "", steps: steps.map((step) => ({ ...step, key: step.id })) };
}

/** What was typed, to be put over an opening as it is now: steps that somebody else took away are new ones again. */
export function over(now: OpeningsOpeningFragment, draft: OpeningDraft): OpeningDraft {
  const steps = draft.steps.map(({ id, ...step }): FlowStep => {
    const there = now.steps.find((each) => each.id === id);
    return there
      ? { ...step, id: there.id, applicationCount: there.applicationCount }
      : { ...step, applicationCount: 0 };
  });
  return { ...draft, steps };
}

export const kinds: readonly SelectionStepKind[] = [
  "ENTRY",
  "DOCUMENT_SCREENING",
  "INTERVIEW",
  "FINAL_INTERVIEW",
  "OFFER",
  "OFFER_ACCEPTED",
  "JOINED",
];

let made = 0;

/** A step that is not there yet. */
export function newStep(kind: SelectionStepKind, name: string): FlowStep {
  made += 1;
  return { key: `new-${made}`, kind, name, applicationCount: 0 };
}

/** The steps with the one at `from` put at `to`. */
export function put<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const moved = [...items];
  const [item] = moved.splice(from, 1);
  if (item !== undefined) moved.splice(Math.max(0, Math.min(to, moved.length)), 0, item);
  return moved;
}
