import type { SelectionStepKind } from "./__generated__/opening";

/** A step as it stands in the form. `key` tells it from the others while it has no id. */
export interface FlowStep {
  key: string;
  id?: string;
  kind: SelectionStepKind;
  name: string;
  /** How many stand there: such a step stays. */
  applicationCount: number;
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
