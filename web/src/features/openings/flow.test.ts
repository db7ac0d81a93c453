import { expect, test } from "vitest";
import type { OpeningsOpeningFragment } from "./__generated__/opening";
import { draftOf, over } from "./flow";

const opening = (part: Partial<OpeningsOpeningFragment> = {}): OpeningsOpeningFragment => ({
  id: "sales",
  name: "営業",
  status: "OPEN",
  capacity: null,
  filled: 0,
  isFull: false,
  revision: 1,
  applicationCount: 0,
  steps: [
    { id: "entry", kind: "ENTRY", name: "応募受付", position: 1, applicationCount: 0 },
    { id: "first", kind: "INTERVIEW", name: "一次面接", position: 2, applicationCount: 0 },
  ],
  stepCounts: [],
  outcomeCounts: [],
  rules: [],
  availableActions: [],
  ...part,
});

test("put over what somebody else has changed, a step that they took away is a new one, and the others stay themselves", () => {
  const mine = { ...draftOf(opening()), name: "法人営業" };
  const now = opening({
    steps: opening()
      .steps.slice(0, 1)
      .map((step) => ({ ...step, applicationCount: 3 })),
  });
  const { name, steps } = over(now, mine);
  expect(name).toBe("法人営業");
  expect(steps.map(({ id, name, applicationCount }) => [id, name, applicationCount])).toEqual([
    ["entry", "応募受付", 3],
    [undefined, "一次面接", 0],
  ]);
});

test("an opening for any number stays one", () => {
  expect(draftOf(opening()).capacity).toBe("");
  expect(draftOf(opening({ capacity: 2 })).capacity).toBe(2);
});
