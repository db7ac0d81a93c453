import { Select, type SelectProps, Skeleton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import { useMay } from "../graphql/viewer";
import { addTexts } from "../i18n";
import {
  type OpeningChoiceFragment,
  OpeningChoicesDocument,
  OpeningChosenDocument,
  OpeningMadeDocument,
} from "./__generated__/opening-select";
import { done, useOutcome } from "./notify";
import { en } from "./opening-select.en";
import { ja } from "./opening-select.ja";
import { useTrouble } from "./trouble";

addTexts("openingSelect", { ja, en });

export interface Named {
  readonly id: string;
  readonly name: string;
}

type Choice = Named & Partial<Pick<OpeningChoiceFragment, "status">>;

interface OpeningSelectProps extends Omit<SelectProps, "data" | "value" | "onChange"> {
  value: string | null;
  onChange: (opening: Named | null) => void;
  /** Only those that are open. */
  open?: boolean;
  /** Openings that stand above the others. */
  suggested?: readonly Named[];
  /** Whether a name that there is none of can be made an opening, by whoever may. */
  canCreate?: boolean;
}

// Not the id of anything.
const toBeMade = "new";

/** 求人, found by typing a part of its name. */
export function OpeningSelect({
  value,
  onChange,
  open = false,
  suggested = [],
  canCreate = false,
  ...field
}: OpeningSelectProps) {
  const { t } = useTranslation("openingSelect");
  const may = useMay();
  const outcome = useOutcome();
  const trouble = useTrouble();
  const [search, setSearch] = useState("");
  const [picked, setPicked] = useState<Choice | null>(null);
  const unknown = value !== null && picked?.id !== value;
  const [{ data: one, error: lost }] = useQuery({
    query: OpeningChosenDocument,
    variables: { id: value ?? "" },
    pause: !unknown,
  });
  const found = one?.node?.id === value && "name" in one.node ? one.node : null;
  const chosen = value === null ? null : unknown ? found : picked;
  const nameOf = ({ name, status }: Choice) => (status === "CLOSED" ? t("closed", { name }) : name);
  // The field holds the name of what is chosen: that is no search.
  const typed = chosen && search === nameOf(chosen) ? "" : search.trim();
  const [asked] = useDebouncedValue(typed, 200);
  const [{ data, error, fetching }] = useQuery({
    query: OpeningChoicesDocument,
    variables: { status: open ? "OPEN" : null, search: asked || null },
  });
  const [creating, create] = useMutation(OpeningMadeDocument);

  const known = asked === typed && !fetching && !error;
  const listed: Choice[] = [...(data?.openings.nodes ?? [])];
  if (chosen && !listed.some(({ id }) => id === chosen.id)) listed.unshift(chosen);
  const above = typed === "" ? suggested : [];
  const rest = listed.filter(({ id }) => !above.some((each) => each.id === id));
  const optionsOf = (openings: readonly Choice[]) =>
    openings.map((opening) => ({ value: opening.id, label: nameOf(opening) }));
  const options = optionsOf(rest);
  if (canCreate && typed && known && may("MANAGE_OPENINGS") && !listed.some(({ name }) => name === typed))
    options.push({ value: toBeMade, label: t("create", { name: typed }) });

  function pick(opening: Choice | null) {
    setPicked(opening);
    onChange(opening);
  }

  async function choose(id: string | null) {
    if (id !== toBeMade) return pick([...above, ...listed].find((each) => each.id === id) ?? null);
    const name = typed;
    const { data: made, error: refusal } = await create({ name });
    if (!outcome(refusal, made?.createOpening.errors) || !made?.createOpening.opening) return;
    done(t("created", { name }));
    pick(made.createOpening.opening);
  }

  const nothing = () => {
    if (error) return trouble(error).message;
    return known ? (
      t(open ? "nothingOpen" : "nothing")
    ) : (
      <Skeleton height={20} role="status" aria-label={t("reading")} />
    );
  };
  return (
    <Select
      searchable
      maxDropdownHeight={280}
      comboboxProps={{ withinPortal: true }}
      clearButtonProps={{ "aria-label": t("clear") }}
      {...field}
      // The server has searched already.
      filter={({ options: all }) => all}
      data={
        above.length > 0
          ? [
              { group: t("suggested"), items: optionsOf(above) },
              { group: t("all"), items: options },
            ]
          : options
      }
      nothingFoundMessage={nothing()}
      error={field.error ?? (lost && !chosen ? trouble(lost).message : null)}
      disabled={field.disabled || creating.fetching}
      value={value}
      onChange={choose}
      searchValue={search}
      onSearchChange={setSearch}
    />
  );
}
