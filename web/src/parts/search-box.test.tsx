import { MantineProvider } from "@mantine/core";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SearchBox } from "./search-box";

// The first rendering of all components is slow where many tests run at once.
vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A search box at an address that changes when it is told to. */
function open(value = "") {
  const onSearch = vi.fn<(words: string) => void>();
  const at = (words: string) => (
    <MantineProvider env="test">
      <SearchBox value={words} onSearch={onSearch} />
    </MantineProvider>
  );
  const { rerender } = render(at(value));
  const box = screen.getByRole<HTMLInputElement>("searchbox", { name: "検索" });
  return {
    onSearch,
    box,
    type: (text: string) => fireEvent.change(box, { target: { value: text } }),
    wait: () => act(() => vi.advanceTimersByTime(200)),
    arrive: (words: string) => rerender(at(words)),
  };
}

test("an address that comes late takes nothing from what was typed since", () => {
  const { box, type, wait, arrive } = open();
  type("営");
  wait();
  type("営業");
  wait();
  type("営業部");
  arrive("営");
  expect(box.value).toBe("営業部");
  arrive("営業");
  expect(box.value).toBe("営業部");
});

test("who goes back finds the words of then, and what was typed last is not asked for any more", () => {
  const { onSearch, box, type, wait, arrive } = open("経理");
  type("経理部");
  wait();
  arrive("経理部");
  type("経理部長");
  arrive("");
  expect(box.value).toBe("");
  wait();
  expect(onSearch.mock.calls).toEqual([["経理部"]]);
});

test("typing that ends where it began asks for nothing, and hides no later way back", () => {
  const { onSearch, box, type, wait, arrive } = open();
  type("営");
  type("");
  wait();
  expect(onSearch).not.toHaveBeenCalled();
  arrive("営業");
  arrive("");
  expect(box.value).toBe("");
});

test("keys are no words before the input method has made characters of them", () => {
  const { onSearch, box, wait } = open();
  fireEvent.compositionStart(box);
  fireEvent.input(box, { target: { value: "えい" }, isComposing: true });
  wait();
  expect(onSearch).not.toHaveBeenCalled();
  fireEvent.input(box, { target: { value: "営業" }, isComposing: true });
  fireEvent.compositionEnd(box);
  wait();
  expect(onSearch.mock.calls).toEqual([["営業"]]);
});

test("one click clears the words", () => {
  const { onSearch, box, arrive } = open("営業");
  fireEvent.click(screen.getByRole("button", { name: "検索条件を消す" }));
  expect(box.value).toBe("");
  expect(onSearch.mock.calls).toEqual([[""]]);
  arrive("");
  expect(box.value).toBe("");
});
