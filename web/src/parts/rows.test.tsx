import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { useKeptFocus } from "./kept-focus";
import { useReturnFocus } from "./return-focus";
import { row } from "./rows";

const names = ["一", "二", "三"];

/** A list whose rows are asked about first, and go before the question does or behind it; or go at once, shut meanwhile. */
function List({ how }: { how: "before" | "behind" | "shut" }) {
  const focus = useKeptFocus();
  const [left, setLeft] = useState(names);
  const [asked, setAsked] = useState<string | null>(null);
  const [shut, setShut] = useState<string | null>(null);
  const drop = (name: string) => setLeft((before) => before.filter((each) => each !== name));
  const go = (name: string) => {
    const [first, second] = [() => drop(name), () => setAsked(null)];
    (how === "before" ? first : second)();
    setTimeout(how === "before" ? second : first);
  };
  const press = (name: string) => {
    if (how !== "shut") return setAsked(name);
    setShut(name);
    setTimeout(() => drop(name));
  };
  return (
    <>
      <h1 tabIndex={-1}>名前</h1>
      {left.length > 0 && (
        <ul {...focus.within}>
          {left.map((name) => (
            <li key={name} aria-label={name} {...row}>
              <button type="button" disabled={name === shut} onClick={() => press(name)}>
                {name}を削除
              </button>
            </li>
          ))}
        </ul>
      )}
      {asked && <Question go={() => go(asked)} />}
    </>
  );
}

function Question({ go }: { go: () => void }) {
  useReturnFocus();
  return (
    <button type="button" onClick={go}>
      はい
    </button>
  );
}

for (const how of ["before", "behind", "shut"] as const)
  test(`whoever removes a row is on the next one, then on the one before, then at the heading: ${how}`, async () => {
    const user = userEvent.setup();
    render(<List how={how} />);
    const remove = async (name: string) => {
      await user.click(screen.getByRole("button", { name: `${name}を削除` }));
      if (how !== "shut") await user.click(screen.getByRole("button", { name: "はい" }));
      await expect.poll(() => screen.queryByRole("listitem", { name })).toBeNull();
    };
    const focused = expect.poll(() => document.activeElement);
    await remove("二");
    await focused.toBe(screen.getByRole("listitem", { name: "三" }));
    await remove("三");
    await focused.toBe(screen.getByRole("listitem", { name: "一" }));
    await remove("一");
    await focused.toBe(screen.getByRole("heading"));
  });

test("whoever goes elsewhere while a row is removed is not fetched back to the list", async () => {
  const page = () => (
    <>
      <List how="shut" />
      <input aria-label="検索" />
    </>
  );
  const { rerender } = render(page());
  const search = screen.getByRole("textbox", { name: "検索" });
  const remove = screen.getByRole("button", { name: "一を削除" });
  remove.focus();
  fireEvent.click(remove);
  search.focus();
  await waitFor(() => expect(screen.queryByRole("listitem", { name: "一" })).toBeNull());
  search.blur();
  rerender(page());
  expect(document.activeElement).toBe(document.body);
});
