import { MantineProvider } from "@mantine/core";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { CombinedError } from "@urql/core";
import { expect, test, vi } from "vitest";
import { More } from "./more";

// The first rendering of all components is slow where many tests run at once.
vi.setConfig({ testTimeout: 30_000 });

const next = vi.fn();
const again = vi.fn();

function show(list: { shown: number; hasNextPage: boolean; loading?: boolean; error?: CombinedError }) {
  return (
    <MantineProvider env="test">
      <More total={40} loading={false} error={undefined} next={next} again={again} {...list} />
    </MantineProvider>
  );
}
const more = () => screen.getByRole("button", { name: "もっと見る" });

test("what could not be had is said below the list, and asked for again from where one stands", async () => {
  const error = new CombinedError({ networkError: new Error("out of reach") });
  const { rerender } = render(show({ shown: 20, hasNextPage: true, error }));
  expect(screen.getByRole("alert").textContent).toContain("サーバーに届きません");
  await userEvent.click(screen.getByRole("button", { name: "もう一度読み込む" }));
  expect(again).toHaveBeenCalledOnce();
  rerender(show({ shown: 20, hasNextPage: true, loading: true }));
  expect(screen.queryByRole("alert")).toBeNull();
  expect(document.activeElement?.textContent).toContain("20 / 40件");
});

test("the button keeps the focus while the next page comes, and hands it on when that was the last", async () => {
  const { rerender } = render(show({ shown: 20, hasNextPage: true }));
  await userEvent.click(more());
  rerender(show({ shown: 20, hasNextPage: true, loading: true }));
  expect(document.activeElement).toBe(more());
  rerender(show({ shown: 40, hasNextPage: false }));
  expect(document.activeElement?.textContent).toBe("40件");
});

test("who has gone elsewhere is not called back", async () => {
  const { rerender } = render(show({ shown: 20, hasNextPage: true }));
  await userEvent.click(more());
  act(() => more().blur());
  rerender(show({ shown: 40, hasNextPage: false }));
  expect(document.activeElement).toBe(document.body);
});
