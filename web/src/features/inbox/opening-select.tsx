import { Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { InboxOpeningDocument, InboxOpeningsDocument } from "./__generated__/inbox";

export interface Named {
  readonly id: string;
  readonly name: string;
}

interface OpeningSelectProps extends Omit<SelectProps, "data" | "value" | "onChange"> {
  value: string | null;
  onChange: (opening: Named | null) => void;
  /** Only those that are open. */
  open?: boolean;
  /** Openings that stand above the others. */
  suggested?: readonly Named[];
}

/** An opening, found by typing a part of its name. */
export function OpeningSelect({ value, onChange, open = false, suggested = [], ...select }: OpeningSelectProps) {
  const { t } = useTranslation(["inbox", "common"]);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<Named | null>(null);
  // The field holds the name of what is chosen: that is no search.
  const [search] = useDebouncedValue(typed === chosen?.name ? "" : typed.trim(), 200);
  const [{ data, fetching }] = useQuery({
    query: InboxOpeningsDocument,
    variables: { status: open ? "OPEN" : null, search: search || null },
  });
  const unknown = value !== null && chosen?.id !== value;
  const [{ data: one }] = useQuery({ query: InboxOpeningDocument, variables: { id: value ?? "" }, pause: !unknown });
  const named: Named[] = (data?.openings.nodes ?? []).map(({ id, name, status }) => ({
    id,
    name: status === "CLOSED" ? t("openings.closed", { name }) : name,
  }));
  const found = one?.node && "name" in one.node ? one.node : null;
  const current = unknown ? found : chosen;
  if (current && current.id === value && !named.some(({ id }) => id === current.id)) named.unshift(current);
  const above = search === "" ? suggested : [];
  const rest = named.filter(({ id }) => !above.some((each) => each.id === id));
  const options = (openings: readonly Named[]) => openings.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Select
      searchable
      nothingFoundMessage={fetching ? t("common:list.loading") : t("openings.nothing")}
      maxDropdownHeight={280}
      {...select}
      // The server has searched already.
      filter={({ options }) => options}
      data={
        above.length > 0
          ? [
              { group: t("openings.suggested"), items: options(above) },
              { group: t("openings.all"), items: options(rest) },
            ]
          : options(rest)
      }
      value={value}
      onSearchChange={setTyped}
      onChange={(id) => {
        const opening = [...above, ...named].find((each) => each.id === id) ?? null;
        setChosen(opening);
        onChange(opening);
      }}
    />
  );
}
