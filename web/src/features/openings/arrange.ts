import type { OpeningsBoardQuery, OpeningsCardFragment } from "./__generated__/opening";

export type Card = OpeningsCardFragment;
type Board = Extract<NonNullable<OpeningsBoardQuery["node"]>, { readonly revision: number }>["board"];
export type BoardStep = Board[number]["step"];

/** A column as it is shown. */
export interface Column {
  step: BoardStep;
  count: number;
  cards: readonly Card[];
  hasNextPage: boolean;
}

/** Where cards are on their way to: they are shown there before the server has said so. */
export type Moving = ReadonlyMap<string, { card: Card; stepId: string }>;

const latestFirst = (a: Card, b: Card) => b.appliedAt.localeCompare(a.appliedAt);

/** Cards that belong to a column: not those that have gone elsewhere, and those that are on their way to it. */
export function within(
  cards: readonly Card[],
  stepId: string,
  moving: Moving,
  belongs: (card: Card) => boolean,
): readonly Card[] {
  const coming = [...moving.values()].filter(
    (move) => move.stepId === stepId && !cards.some((card) => card.id === move.card.id),
  );
  return [
    ...cards.filter((card) => belongs(card) && (moving.get(card.id)?.stepId ?? card.step.id) === stepId),
    ...coming.map((move) => move.card),
  ].sort(latestFirst);
}

/**
 * The columns of a board as things stand. The cards know sooner than their column where they are: a mutation or an
 * event brings them, and the board is read anew behind that.
 */
export function arrange(board: Board, moving: Moving, belongs: (card: Card) => boolean): Column[] {
  const listed = board.flatMap((column) => column.applications.nodes.map((card) => ({ card, from: column.step.id })));
  const standing = (id: string, stepId: string) => moving.get(id)?.stepId ?? stepId;
  return board.map((column) => {
    const cards = within(
      listed.map(({ card }) => card),
      column.step.id,
      moving,
      belongs,
    );
    const fromBeyond = [...moving.values()].filter(
      ({ card, stepId }) =>
        card.step.id === column.step.id && stepId !== card.step.id && !listed.some((each) => each.card.id === card.id),
    ).length;
    const left = listed.filter(
      ({ card, from }) =>
        from === column.step.id && !(belongs(card) && standing(card.id, card.step.id) === column.step.id),
    ).length;
    const came = cards.filter(
      (card) => listed.find((each) => each.card.id === card.id)?.from !== column.step.id,
    ).length;
    return {
      step: column.step,
      count: Math.max(cards.length, column.count - left - fromBeyond + came),
      cards,
      hasNextPage: column.applications.pageInfo.hasNextPage,
    };
  });
}

/** Those who are picked, each as it was told last: whoever acts on them acts on what is shown. */
export function refresh(picked: ReadonlyMap<string, Card>, told: readonly Card[]): ReadonlyMap<string, Card> {
  const newer = told.filter((card) => card.revision > (picked.get(card.id)?.revision ?? Number.POSITIVE_INFINITY));
  return newer.length > 0 ? new Map([...picked, ...newer.map((card) => [card.id, card] as const)]) : picked;
}

/** Those who are picked with some more, as long as there are no more than `most`; or without them. */
export function pickWith(
  picked: ReadonlyMap<string, Card>,
  cards: readonly Card[],
  on: boolean,
  most: number,
): ReadonlyMap<string, Card> {
  const next = new Map(picked);
  for (const card of cards) {
    if (!on) next.delete(card.id);
    else if (next.size < most || next.has(card.id)) next.set(card.id, card);
  }
  return next;
}

/** Since when an application has stood on its step. */
export function since(card: Card): string {
  const came = card.history.findLast((line) => line.fromStep?.id !== line.toStep?.id);
  return came?.at ?? card.appliedAt;
}
