import { Autocomplete, Button, Collapse, Group, Select, Stack, TextInput } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { media } from "../../parts/media";
import { OpeningSelect } from "../../parts/opening-select";
import { SearchBox } from "../../parts/search-box";
import { countOf, type Filters, type InboxSearch, reasons } from "./filters";

interface FilterBarProps {
  filters: Filters;
  search: InboxSearch;
  /** Position names to choose from. */
  positions: readonly string[];
  change: (by: Partial<Record<keyof InboxSearch, string | undefined>>) => void;
}

/** What the list is narrowed down by; all of it is in the address. */
export function FilterBar({ filters, search, positions, change }: FilterBarProps) {
  const { t } = useTranslation(["inbox", "common"]);
  const panel = useId();
  const count = countOf(filters);
  const [opened, setOpened] = useState(count > 0);
  return (
    <Stack gap="xs">
      <Group align="flex-end" gap="xs">
        <SearchBox
          label={t("filter.search")}
          placeholder={t("filter.searchHint")}
          flex="1 1 260px"
          maw={480}
          value={search.search ?? ""}
          onSearch={(words) => change({ search: words || undefined })}
        />
        <Button
          variant={count > 0 ? "light" : "default"}
          leftSection={<IconFilter size={16} aria-hidden />}
          onClick={() => setOpened(!opened)}
          aria-expanded={opened}
          aria-controls={panel}
        >
          {t("filter.more")}
          {count > 0 && ` (${count})`}
        </Button>
        {(count > 0 || search.search) && (
          <Button
            variant="subtle"
            onClick={() =>
              change({
                medium: undefined,
                position: undefined,
                reason: undefined,
                opening: undefined,
                since: undefined,
                search: undefined,
              })
            }
          >
            {t("filter.clear")}
          </Button>
        )}
      </Group>
      <Collapse expanded={opened} id={panel}>
        <Group align="flex-start" gap="sm" pb="xs">
          <Select
            label={t("filter.medium")}
            placeholder={t("filter.all")}
            data={media.map((value) => ({ value, label: t(`common:medium.${value}`) }))}
            value={filters.medium ?? null}
            onChange={(medium) => change({ medium: medium ?? undefined })}
            w={{ base: "100%", xs: 180 }}
            clearable
          />
          <PositionName
            key={filters.positionName ?? ""}
            value={filters.positionName ?? ""}
            known={positions}
            change={(position) => change({ position: position || undefined })}
          />
          {filters.state === "WAITING" && (
            <Select
              label={t("filter.reason")}
              placeholder={t("filter.all")}
              data={reasons.map((value) => ({ value, label: t(`reason.${value}`) }))}
              value={filters.waitingReason ?? null}
              onChange={(reason) => change({ reason: reason ?? undefined })}
              w={{ base: "100%", xs: 180 }}
              clearable
            />
          )}
          {filters.state === "ROUTED" && opened && (
            <OpeningSelect
              label={t("filter.opening")}
              placeholder={t("filter.all")}
              value={filters.openingId ?? null}
              onChange={(opening) => change({ opening: opening?.id })}
              w={{ base: "100%", xs: 240 }}
              clearable
            />
          )}
          <TextInput
            type="date"
            label={t("filter.since")}
            value={filters.appliedSince ? (search.since ?? "") : ""}
            onChange={(event) => change({ since: event.currentTarget.value || undefined })}
            w={{ base: "100%", xs: 180 }}
          />
        </Group>
      </Collapse>
    </Stack>
  );
}

/** A position's whole name: chosen, or typed and confirmed. */
function PositionName(props: { value: string; known: readonly string[]; change: (position: string) => void }) {
  const { t } = useTranslation(["inbox", "common"]);
  const [typed, setTyped] = useState(props.value);
  const confirm = (name: string) => {
    if (name.trim() !== props.value) props.change(name.trim());
  };
  return (
    <Autocomplete
      label={t("filter.position")}
      placeholder={t("filter.all")}
      data={[...new Set(props.known)]}
      value={typed}
      onChange={setTyped}
      onOptionSubmit={confirm}
      onBlur={() => confirm(typed)}
      onKeyDown={(event) => event.key === "Enter" && !event.nativeEvent.isComposing && confirm(typed)}
      clearable
      clearButtonProps={{ onClick: () => confirm("") }}
      w={{ base: "100%", xs: 260 }}
    />
  );
}
