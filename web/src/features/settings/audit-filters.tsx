import { Button, Group, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { SettingsAuditMembersDocument } from "./__generated__/audit";
import { grouped } from "./audit-groups";

/** What the audit log is narrowed to. */
export interface AuditFilter {
  action?: string | undefined;
  member?: string | undefined;
  subject?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

interface AuditFiltersProps {
  filter: AuditFilter;
  narrow: (more: AuditFilter) => void;
  clear: () => void;
}

export function AuditFilters({ filter, narrow, clear }: AuditFiltersProps) {
  const { t } = useTranslation("settings");
  const [{ data }] = useQuery({ query: SettingsAuditMembersDocument });
  const members = data?.members.nodes.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const unknown = filter.member && !members.some((member) => member.value === filter.member);
  const groups = (Object.keys(grouped) as (keyof typeof grouped)[]).map((group) => ({
    group: t(`audit.groups.${group}`),
    items: grouped[group].map((action) => ({ value: action, label: t(`audit.actions.${action}`) })),
  }));
  return (
    <Group gap="sm" align="flex-end">
      <Select
        label={t("audit.action")}
        placeholder={t("audit.anyAction")}
        searchable
        clearable
        flex="1 1 200px"
        maw={{ xs: 320 }}
        data={groups}
        value={filter.action ?? null}
        onChange={(action) => narrow({ action: action ?? undefined })}
      />
      <Select
        label={t("audit.member")}
        placeholder={t("audit.anyMember")}
        searchable
        clearable
        flex="1 1 180px"
        maw={{ xs: 280 }}
        data={unknown ? [...members, { value: filter.member ?? "", label: filter.member ?? "" }] : members}
        value={filter.member ?? null}
        onChange={(member) => narrow({ member: member ?? undefined })}
      />
      <TextInput
        type="date"
        label={t("audit.from")}
        flex="1 1 140px"
        maw={{ xs: 180 }}
        max={filter.to}
        value={filter.from ?? ""}
        onChange={(event) => narrow({ from: event.currentTarget.value || undefined })}
      />
      <TextInput
        type="date"
        label={t("audit.to")}
        flex="1 1 140px"
        maw={{ xs: 180 }}
        min={filter.from}
        value={filter.to ?? ""}
        onChange={(event) => narrow({ to: event.currentTarget.value || undefined })}
      />
      {filter.subject && (
        <TextInput label={t("audit.subject")} flex="1 1 240px" maw={{ xs: 340 }} value={filter.subject} readOnly />
      )}
      {Object.keys(filter).length > 0 && (
        <Button variant="default" onClick={clear}>
          {t("audit.clear")}
        </Button>
      )}
    </Group>
  );
}
