import { MantineProvider } from "@mantine/core";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setServerTime } from "../../graphql/clock";
import { addTexts } from "../../i18n";
import { Countdown, clock, Elapsed, SlowVerification } from "./clock";
import { en } from "./en";
import { ja } from "./ja";

addTexts("link", { ja, en });

const now = Date.parse("2026-04-01T09:00:00Z");
const at = (seconds: number) => new Date(now + seconds * 1_000).toISOString();

beforeEach(() => {
  vi.useFakeTimers({ now });
  setServerTime(at(0), now);
});
afterEach(() => {
  setServerTime(new Date().toISOString(), Date.now());
  vi.useRealTimers();
});

test("a length of time is shown as on a clock, and what is over is never negative", () => {
  expect([-5_000, 0, 999, 7_000, 725_000, 3_600_000, 28_799_000].map(clock)).toEqual([
    "0:00",
    "0:00",
    "0:00",
    "0:07",
    "12:05",
    "1:00:00",
    "7:59:59",
  ]);
});

test("the next import is counted down by the server's clock, though the browser's is an hour wrong", () => {
  setServerTime(at(3_600), now);
  render(<Countdown to={at(3_602)} />, { wrapper: MantineProvider });
  expect(screen.getByRole("timer").textContent).toBe("あと 0:02");
  act(() => vi.advanceTimersByTime(1_000));
  expect(screen.getByRole("timer").textContent).toBe("あと 0:01");
  act(() => vi.advanceTimersByTime(60_000));
  expect(screen.getByRole("timer").textContent).toBe("まもなく始まります");
});

test("a verification counts up, and says so when it takes longer than usual", () => {
  render(
    <>
      <Elapsed since={at(-19)} />
      <SlowVerification since={at(-19)} />
    </>,
    { wrapper: MantineProvider },
  );
  expect(screen.getByRole("timer").textContent).toBe("0:19");
  expect(screen.getByRole("status").textContent).toBe("");
  act(() => vi.advanceTimersByTime(2_000));
  expect(screen.getByRole("timer").textContent).toBe("0:21");
  expect(screen.getByRole("status").textContent).toContain("いつもより時間がかかっています");
});
