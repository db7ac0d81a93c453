import { Select, SimpleGrid } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { media } from "../../parts/media";
import { OpeningSelect } from "../../parts/opening-select";
import { SearchBox } from "../../parts/search-box";

export const healths = ["HEALTHY", "NEVER_MATCHED", "QUIET", "OPENING_CLOSED"] as const;

export interface RuleFilter {
  search?: string | undefined;
  medium?: string | undefined;
  opening?: string | undefined;
  health?: string | undefined;
}

/** Which rules are shown. `change` takes what is to be different. */
export function Filters({ filter, change }: { filter: RuleFilter; change: (by: RuleFilter) => void }) {
  const { t } = useTranslation("rules");
  const { t: common } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm" style={{ alignItems: "end" }}>
      <SearchBox
        label={t("filter.search")}
        value={filter.search ?? ""}
        onSearch={(words) => change({ search: words || undefined })}
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
        clearable
        value={filter.opening ?? null}
        onChange={(opening) => change({ opening: opening?.id })}
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
