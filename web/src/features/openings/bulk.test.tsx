import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { CombinedError, createClient, type Exchange, makeOperation } from "@urql/core";
import { useState } from "react";
import { Provider } from "urql";
import { beforeEach, expect, test, vi } from "vitest";
import { filter, map, pipe } from "wonka";
import { addTexts } from "../../i18n";
import type { Card } from "./arrange";
import { Bulk } from "./bulk";
import { en } from "./en";
import { ja } from "./ja";

// The first rendering of all components is slow where many tests run at once.
vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => addTexts("openings", { ja, en }));

const step = { id: "entry", name: "応募受付", position: 1 };

function card(id: string, part: Partial<Card> = {}): Card {
  return {
    id,
    revision: 1,
    outcome: "IN_PROGRESS",
    appliedAt: "2026-11-01T00:00:00Z",
    opening: { id: "sales" },
    step,
    candidate: { id, name: `応募者${id}`, currentPosition: null },
    duplicates: [],
    history: [],
    availableActions: [
      { action: "MOVE", enabled: true, reason: null },
      { action: "CLOSE", enabled: true, reason: null },
    ],
    ...part,
  };
}

type Answer = { applications: Card[]; refused: { id: string; message: string; conflict: { application: Card } }[] };

/** People who are picked, and a server that answers in turn; nothing where it is out of reach. */
function show(picked: Card[], answers: (Answer | null)[]) {
  const asked: unknown[] = [];
  const network: Exchange = () => (operations) =>
    pipe(
      operations,
      filter((operation) => operation.kind !== "teardown"),
      map((operation) => {
        const reasons = operation.kind === "query";
        if (!reasons) asked.push(operation.variables);
        const answer = reasons ? null : answers.shift();
        const payload = answer && { ...answer, errors: [] };
        return {
          operation: makeOperation(operation.kind, operation),
          data: reasons ? { closingReasons: [] } : payload && { moveApplications: payload, closeApplications: payload },
          error:
            reasons || payload
              ? undefined
              : new CombinedError({ networkError: new Error("the server is not reached") }),
          extensions: undefined,
          stale: false,
          hasNext: false,
        };
      }),
    );
  const client = createClient({ url: "/", preferGetMethod: false, exchanges: [network] });
  const Picked = () => {
    const [cards, setPicked] = useState<ReadonlyMap<string, Card>>(new Map(picked.map((each) => [each.id, each])));
    return <Bulk picked={cards} steps={[{ id: "first", name: "一次面接" }]} setPicked={setPicked} changed={() => {}} />;
  };
  render(
    <MantineProvider env="test">
      <Provider value={client}>
        <Picked />
      </Provider>
    </MantineProvider>,
  );
  return asked;
}

const press = async (name: string) => userEvent.click(await screen.findByRole("button", { name }));

test("whoever was passed over stays picked, and is tried again as they stand by now", async () => {
  const now = card("2", { revision: 7 });
  const asked = show(
    [card("1"), card("2")],
    [
      {
        applications: [card("1", { revision: 2 })],
        refused: [{ id: "2", message: "ほかの人が先に変更しました。", conflict: { application: now } }],
      },
      { applications: [card("2", { revision: 8 })], refused: [] },
    ],
  );
  await press("まとめて移動");
  await userEvent.click(await screen.findByRole("menuitem", { name: "一次面接" }));
  expect((await screen.findByRole("alert")).textContent).toContain("応募者2さん: ほかの人が先に変更しました。");
  expect(screen.getByText("1人を選択中")).toBeTruthy();
  await press("最新の状態でもう一度");
  await vi.waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(screen.queryByText(/選択中/)).toBeNull();
  expect(asked).toEqual([
    {
      stepId: "first",
      applications: [
        { id: "1", expectedRevision: 1 },
        { id: "2", expectedRevision: 1 },
      ],
    },
    { stepId: "first", applications: [{ id: "2", expectedRevision: 7 }] },
  ]);
});

test("out of reach of the server nothing is lost: neither who is picked nor what was typed", async () => {
  show([card("1")], [null]);
  await press("選考を終了");
  await userEvent.type(await screen.findByLabelText("メモ"), "電話済み");
  await press("終了する");
  await vi.waitFor(() => expect(screen.getByRole("button", { name: "終了する" })).not.toHaveProperty("disabled", true));
  expect(screen.getByLabelText("メモ")).toHaveProperty("value", "電話済み");
  expect(screen.getByText("1人を選択中")).toBeTruthy();
});

test("what none of the picked allow is not offered", () => {
  show(
    [card("1", { outcome: "REJECTED", availableActions: [{ action: "MOVE", enabled: false, reason: "終了" }] })],
    [],
  );
  expect(screen.getByText("1人を選択中")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "まとめて移動" })).toBeNull();
  expect(screen.queryByRole("button", { name: "選考を終了" })).toBeNull();
});
