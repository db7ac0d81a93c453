import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { CombinedError, createClient, type Exchange, type OperationResult } from "@urql/core";
import { Provider } from "urql";
import { expect, test, vi } from "vitest";
import { filter, map, pipe } from "wonka";
import { type Viewer, ViewerProvider } from "../graphql/viewer";
import { OpeningSelect } from "./opening-select";

// The first rendering of all components is slow where many tests run at once.
vi.setConfig({ testTimeout: 30_000 });

type Answer = Pick<OperationResult, "data" | "error">;

const viewer: Viewer = {
  member: { id: "m", name: "見本 花子", email: "m@example.com" },
  company: { id: "c", name: "株式会社サンプル" },
  roles: ["RECRUITER"],
  permissions: ["MANAGE_OPENINGS"],
};

function show(answer: Answer, more: Partial<Parameters<typeof OpeningSelect>[0]> = {}) {
  const network: Exchange = () => (operations) =>
    pipe(
      operations,
      filter(({ kind }) => kind !== "teardown"),
      map((operation) => ({ operation, extensions: undefined, stale: false, hasNext: false, ...answer })),
    );
  const client = createClient({ url: "/", preferGetMethod: false, exchanges: [network] });
  render(
    <Provider value={client}>
      <ViewerProvider viewer={viewer}>
        <MantineProvider env="test">
          <OpeningSelect label="求人" value={null} onChange={() => {}} {...more} />
        </MantineProvider>
      </ViewerProvider>
    </Provider>,
  );
}

const found = (...names: string[]): Answer => ({
  data: { openings: { nodes: names.map((name) => ({ id: name, name, status: "OPEN" })) } },
  error: undefined,
});
const broken: Answer = { data: undefined, error: new CombinedError({ networkError: new Error("cut") }) };

test("a line that is cut is not an opening that does not exist, and offers none to be made", async () => {
  show(broken, { canCreate: true });
  await userEvent.type(screen.getByRole("combobox", { name: "求人" }), "経理部");
  expect(await screen.findByText(/サーバーに届きません/)).toBeTruthy();
  expect(screen.queryByText("求人が見つかりません")).toBeNull();
  expect(screen.queryByText(/新しい求人として登録/)).toBeNull();
});

test("what cannot be read of the one that is chosen is said at the field", async () => {
  show(broken, { value: "o" });
  expect((await screen.findAllByText(/サーバーに届きません/)).length).toBeGreaterThan(0);
  expect(screen.getByRole("combobox", { name: "求人" }).getAttribute("aria-invalid")).toBe("true");
});

test("a name that there is none of can be made an opening, where that is wanted", async () => {
  show(found(), { canCreate: true });
  await userEvent.type(screen.getByRole("combobox", { name: "求人" }), "経理部");
  expect(await screen.findByText("「経理部」を新しい求人として登録")).toBeTruthy();
});

test("suggestions stand above the others, each opening once", async () => {
  show(found("営業部", "開発部"), { suggested: [{ id: "開発部", name: "開発部" }] });
  await userEvent.click(screen.getByRole("combobox", { name: "求人" }));
  expect((await screen.findAllByRole("option")).map((option) => option.textContent)).toEqual(["開発部", "営業部"]);
});
