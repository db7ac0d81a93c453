import { expect, test } from "vitest";
import { arrange, type Card, pickWith, refresh, since } from "./arrange";
import { put } from "./flow";

const steps = ["entry", "screening", "interview"].map((id, i) => ({
  id,
  name: id,
  kind: "INTERVIEW" as const,
  position: i + 1,
}));
const step = (id: string) => steps.find((each) => each.id === id) ?? { id, name: id, position: 0 };

function card(id: string, on: string, part: Partial<Card> = {}): Card {
  return {
    id,
    revision: 1,
    outcome: "IN_PROGRESS",
    appliedAt: `2026-11-0${id}T00:00:00Z`,
    opening: { id: "sales" },
    step: step(on),
    candidate: { id, name: id, currentPosition: null },
    duplicates: [],
    history: [],
    availableActions: [],
    ...part,
  };
}

/** A board as the server told it: who is listed where, and how many there are. */
function board(...columns: [cards: Card[], count: number][]) {
  return steps.map((at, i) => {
    const [nodes, count] = columns[i] ?? [[], 0];
    return {
      step: at,
      count,
      applications: { nodes, pageInfo: { hasNextPage: count > nodes.length, endCursor: null } },
    };
  });
}

const underWay = (each: Card) => each.outcome === "IN_PROGRESS" && each.opening.id === "sales";
const shown = (columns: ReturnType<typeof arrange>) =>
  columns.map((column) => `${column.cards.map((each) => each.id).join()}/${column.count}`);

test("what is not allowed goes back to where it was", () => {
  const one = card("1", "entry");
  const asTold = board([[one], 1]);
  expect(shown(arrange(asTold, new Map([["1", { card: one, stepId: "screening" }]]), underWay))).toEqual([
    "/0",
    "1/1",
    "/0",
  ]);
  expect(shown(arrange(asTold, new Map(), underWay))).toEqual(["1/1", "/0", "/0"]);
});

test("who has left, by an end or to another opening, is gone before the board is read anew", () => {
  const gone = board([
    [card("2", "entry", { outcome: "REJECTED" }), card("1", "entry", { opening: { id: "support" } })],
    30,
  ]);
  expect(shown(arrange(gone, new Map(), underWay))).toEqual(["/28", "/0", "/0"]);
});

test("a card that somebody else moved stands where it is, among the others by when they applied", () => {
  const told = board(
    [[card("3", "screening"), card("1", "entry")], 2],
    [[card("4", "screening"), card("2", "screening")], 2],
  );
  expect(shown(arrange(told, new Map(), underWay))).toEqual(["1/1", "4,3,2/3", "/0"]);
});

test("a card that comes from beyond the page counts where it goes", () => {
  const far = card("1", "entry");
  const told = board([[card("9", "entry")], 40], [[], 0]);
  expect(shown(arrange(told, new Map([["1", { card: far, stepId: "interview" }]]), underWay))).toEqual([
    "9/39",
    "/0",
    "1/1",
  ]);
});

test("who is picked stays so, as they stand by now, and nobody else is", () => {
  const picked = new Map([
    ["1", card("1", "entry")],
    ["2", card("2", "entry", { revision: 5 })],
  ]);
  const told = [
    card("1", "screening", { revision: 2 }),
    card("2", "screening", { revision: 4 }),
    card("3", "entry", { revision: 9 }),
  ];
  expect([...refresh(picked, told).values()].map((each) => `${each.id} ${each.step.id} ${each.revision}`)).toEqual([
    "1 screening 2",
    "2 entry 5",
  ]);
  expect(refresh(picked, [card("1", "entry")])).toBe(picked);
});

test("the days on a step count from the last time that it was come to, whatever was noted since", () => {
  const line = (at: string, from: string | null, to: string) => ({
    at,
    revision: 1,
    fromStep: from ? { id: from } : null,
    toStep: { id: to },
  });
  const history = [line("a", null, "entry"), line("b", "entry", "screening"), line("c", "screening", "screening")];
  expect(since(card("1", "screening", { history }))).toBe("b");
  expect(since(card("1", "entry"))).toBe("2026-11-01T00:00:00Z");
});

test("nothing is put outside of a flow", () => {
  expect(put(["a", "b", "c"], 0, -1)).toEqual(["a", "b", "c"]);
  expect(put(["a", "b", "c"], 2, 9)).toEqual(["a", "b", "c"]);
  expect(put(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
});

test("no more are picked than can be acted on at once, and whoever is let go makes room", () => {
  const [a, b, c] = [card("1", "entry"), card("2", "entry"), card("3", "entry")];
  const two = pickWith(new Map(), [a, b, c], true, 2);
  expect([...two.keys()]).toEqual(["1", "2"]);
  expect([...pickWith(two, [a], true, 2).keys()], "whoever is picked stays so").toEqual(["1", "2"]);
  expect([...pickWith(pickWith(two, [a], false, 2), [c], true, 2).keys()]).toEqual(["2", "3"]);
});
