import { Loader, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import { useMay } from "../../graphql/viewer";
import { done, useOutcome } from "../../parts/notify";
import { RulesCreateOpeningDocument, RulesOpeningDocument, RulesOpeningsDocument } from "./__generated__/rules";

// Not the id of anything.
const toBeMade = "new";

interface OpeningSelectProps {
  label: string;
  placeholder: string;
  value: string | null;
  onChange: (openingId: string | null) => void;
  /** Only those that take applications, and new ones. */
  forRule?: boolean;
  error?: ReactNode;
  required?: boolean;
}

/** 求人, found by its name; where one may, made by its name. */
export function OpeningSelect({ forRule = false, value, onChange, ...field }: OpeningSelectProps) {
  const { t } = useTranslation("rules");
  const may = useMay();
  const outcome = useOutcome();
  const [search, setSearch] = useState("");
  const [{ data: one }] = useQuery({ query: RulesOpeningDocument, variables: { id: value ?? "" }, pause: !value });
  const chosen = value && one?.node?.id === value && "name" in one.node ? one.node : null;
  const nameOf = (opening: { name: string; status: string }) =>
    opening.status === "CLOSED" ? t("form.closedOpening", { name: opening.name }) : opening.name;
  // What stands in the field of a chosen opening is no search.
  const typed = chosen && search === nameOf(chosen) ? "" : search.trim();
  const [asked] = useDebouncedValue(typed, 200);
  const [{ data, fetching }] = useQuery({
    query: RulesOpeningsDocument,
    variables: { status: forRule ? "OPEN" : null, search: asked || null },
  });
  const [creating, create] = useMutation(RulesCreateOpeningDocument);

  const openings = [...(data?.openings.nodes ?? [])];
  if (chosen && !openings.some(({ id }) => id === chosen.id)) openings.unshift({ ...chosen, id: value ?? "" });
  const options = openings.map((opening) => ({ value: opening.id, label: nameOf(opening) }));
  const known = asked === typed && !fetching;
  if (forRule && typed && known && may("MANAGE_OPENINGS") && !openings.some(({ name }) => name === typed))
    options.push({ value: toBeMade, label: t("form.createOpening", { name: typed }) });

  async function choose(id: string | null) {
    if (id !== toBeMade) return onChange(id);
    const name = typed;
    const { data: made, error } = await create({ name });
    if (!outcome(error, made?.createOpening.errors) || !made?.createOpening.opening) return;
    done(t("form.openingCreated", { name }));
    onChange(made.createOpening.opening.id);
  }

  return (
    <Select
      {...field}
      data={options}
      value={value}
      onChange={choose}
      searchable
      clearable={!forRule}
      clearButtonProps={{ "aria-label": t("filter.clear") }}
      searchValue={search}
      onSearchChange={setSearch}
      // The server has searched.
      filter={({ options: all }) => all}
      nothingFoundMessage={known ? t("form.noOpening") : <Loader size="xs" />}
      disabled={creating.fetching}
      comboboxProps={{ withinPortal: true }}
    />
  );
}
