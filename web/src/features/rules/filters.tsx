import { Select, SimpleGrid, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { healths, media } from "./media";
import { OpeningSelect } from "./opening-select";

export interface RuleFilter {
  search?: string | undefined;
  medium?: string | undefined;
  opening?: string | undefined;
  health?: string | undefined;
}

/** Which rules are shown. */
export function Filters({ filter, change }: { filter: RuleFilter; change: (filter: RuleFilter) => void }) {
  const { t } = useTranslation("rules");
  const { t: common } = useTranslation();
  const { search = "" } = filter;
  const [typed, setTyped] = useState(search);
  const say = useDebouncedCallback((text: string) => change({ search: text.trim() || undefined }), 250);
  // Going back changes the address without anybody typing.
  useEffect(() => setTyped((before) => (before.trim() === search ? before : search)), [search]);
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <TextInput
        type="search"
        label={t("filter.search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value);
          say(value);
        }}
      />
      <Select
        label={t("medium")}
        placeholder={t("filter.all")}
        clearable
        clearButtonProps={{ "aria-label": t("filter.clear") }}
        data={media.map((value) => ({ value, label: common(`medium.${value}`) }))}
        value={filter.medium ?? null}
        onChange={(medium) => change({ medium: medium ?? undefined })}
      />
      <OpeningSelect
        label={t("opening")}
        placeholder={t("filter.all")}
        value={filter.opening ?? null}
        onChange={(opening) => change({ opening: opening ?? undefined })}
      />
      <Select
        label={t("health")}
        placeholder={t("filter.all")}
        clearable
        clearButtonProps={{ "aria-label": t("filter.clear") }}
        data={healths.map((value) => ({ value, label: t(`state.${value}`) }))}
        value={filter.health ?? null}
        onChange={(health) => change({ health: health ?? undefined })}
      />
    </SimpleGrid>
  );
}
