import { MantineProvider } from "@mantine/core";
import { act, render, renderHook, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createClient, type Exchange, type OperationResult } from "@urql/core";
import type { ReactNode } from "react";
import { Provider } from "urql";
import { beforeEach, expect, test, vi } from "vitest";
import { makeSubject, merge, mergeMap, never, pipe, tap } from "wonka";
import { addTexts } from "../../i18n";
import type { RulesPreviewQueryVariables } from "./__generated__/preview";
import { en } from "./en";
import { ja } from "./ja";
import { RulePreview } from "./preview";
import { type Preview, usePreview } from "./use-preview";

// The first rendering of all components is slow where many tests run at once.
vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => addTexts("rules", { ja, en }));

const nothing: Preview = {
  wouldRoute: 0,
  entries: [],
  conflictsWith: null,
  openingClosed: false,
  errors: [],
  nearNames: [],
  wouldHaveCaught: { count: 0, examples: [] },
  wouldMiss: [],
};
const entry = (name: string) => ({ id: name, candidate: { id: name, name } });

function show(preview: Preview | null) {
  const take = vi.fn<(name: string) => void>();
  const edit = vi.fn<(id: string) => void>();
  render(
    <MantineProvider env="test">
      <RulePreview preview={preview} current take={take} edit={edit} />
    </MantineProvider>,
  );
  return { take, edit };
}

test("a rule that is in the way is named, can be gone to, and no number is promised", async () => {
  const { edit } = show({
    ...nothing,
    wouldRoute: 3,
    conflictsWith: { id: "r1", positionName: "営業", opening: { id: "o", name: "営業部" } },
  });
  expect(screen.getByText("「営業」は「営業部」へ振り分けられています。")).toBeTruthy();
  expect(screen.queryByText(/振り分けます/)).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "このルールを編集" }));
  expect(edit).toHaveBeenCalledWith("r1");
});

test("what the server says of the input is shown in its words", () => {
  show({ ...nothing, errors: [{ code: "TOO_LONG", message: "500文字以内で入力してください。", field: null }] });
  expect(screen.getByText("500文字以内で入力してください。")).toBeTruthy();
  expect(screen.queryByText("いま振り分ける人はいません")).toBeNull();
});

test("a closed opening is said to be closed", () => {
  show({ ...nothing, openingClosed: true });
  expect(screen.getByText(/この求人は終了しています/)).toBeTruthy();
});

test("nothing can be said before there is something to ask", () => {
  show(null);
  expect(screen.getByText(/入れると/)).toBeTruthy();
});

test("how many would be routed is told with some of their names, as plain text", () => {
  show({ ...nothing, wouldRoute: 12, entries: [entry("青木 恵"), entry("<img onerror>")] });
  expect(screen.getByText("滞留中の12人を振り分けます")).toBeTruthy();
  expect(screen.getByText("<img onerror>")).toBeTruthy();
  expect(screen.getByText("ほか10人")).toBeTruthy();
});

test("a name that nearly fits can be taken", async () => {
  const { take } = show({
    ...nothing,
    nearNames: [{ positionName: "【急募】営業", normalizedPositionName: "【急募】営業", count: 4 }],
  });
  await userEvent.click(screen.getByRole("button", { name: "「【急募】営業」にする" }));
  expect(take).toHaveBeenCalledWith("【急募】営業");
});

test("what was done by hand is told: what the rule would have caught, and what it would miss", () => {
  show({
    ...nothing,
    wouldHaveCaught: { count: 2, examples: [entry("青木 恵")] },
    wouldMiss: [{ positionName: "営業職", normalizedPositionName: "営業職", count: 1 }],
  });
  expect(screen.getByText("過去90日に手動で振り分けた2人は、このルールで自動になります")).toBeTruthy();
  expect(screen.getByText("営業職")).toBeTruthy();
});

/** A server that answers when it is told to, as a slow one would. */
function slowServer() {
  const asked = new Map<string, (wouldRoute: number) => void>();
  const { source: answers, next } = makeSubject<OperationResult>();
  const network: Exchange = () => (operations) =>
    merge([
      answers,
      pipe(
        operations,
        tap((operation) => {
          if (operation.kind !== "query") return;
          const { positionName } = operation.variables as RulesPreviewQueryVariables;
          asked.set(positionName, (wouldRoute) =>
            next({
              operation,
              data: { previewRoutingRule: { ...nothing, wouldRoute } },
              error: undefined,
              extensions: undefined,
              stale: false,
              hasNext: false,
            }),
          );
        }),
        mergeMap(() => never),
      ),
    ]);
  const client = createClient({ url: "/", preferGetMethod: false, exchanges: [network] });
  const wrapper = ({ children }: { children: ReactNode }) => <Provider value={client}>{children}</Provider>;
  return { asked, wrapper };
}

const rule = (positionName: string): RulesPreviewQueryVariables => ({
  medium: "WANTEDLY",
  positionName,
  openingId: "o",
  ruleId: null,
});

test("an answer to what was entered before never stands for what is entered now", () => {
  vi.useFakeTimers();
  try {
    const { asked, wrapper } = slowServer();
    const { result, rerender } = renderHook(({ name }) => usePreview(rule(name)), {
      wrapper,
      initialProps: { name: "営" },
    });
    rerender({ name: "営業" });
    expect(result.current.current).toBe(false);
    act(() => vi.advanceTimersByTime(300));
    expect([...asked.keys()], "what is passed over in typing is not asked for").toEqual(["営", "営業"]);
    act(() => asked.get("営業")?.(7));
    expect(result.current).toMatchObject({ current: true, preview: { wouldRoute: 7 } });
    act(() => asked.get("営")?.(99));
    expect(result.current).toMatchObject({ current: true, preview: { wouldRoute: 7 } });
    rerender({ name: "営業部" });
    expect(result.current, "the number before stays, but is not passed off as new").toMatchObject({
      current: false,
      preview: { wouldRoute: 7 },
    });
  } finally {
    vi.useRealTimers();
  }
});

test("without a rule to ask about there is no answer, not even an old one", () => {
  vi.useFakeTimers();
  try {
    const { asked, wrapper } = slowServer();
    const { result, rerender } = renderHook(({ name }) => usePreview(name ? rule(name) : null), {
      wrapper,
      initialProps: { name: "営業" },
    });
    act(() => asked.get("営業")?.(7));
    expect(result.current.preview?.wouldRoute).toBe(7);
    rerender({ name: "" });
    expect(result.current).toMatchObject({ preview: null, current: false });
  } finally {
    vi.useRealTimers();
  }
});
