import { Button, Paper, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { AuditAction } from "../../graphql/__generated__/schema";
import { useKept } from "../../graphql/kept";
import { usePaged } from "../../graphql/paged";
import { More } from "../../parts/more";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import { SettingsAuditDocument } from "./__generated__/audit";
import { csvOf, instants } from "./audit-days";
import { AuditFilters } from "./audit-filters";
import { AuditLine } from "./audit-line";
import { auditActions } from "./audit-words.ja";
import { SettingsNav } from "./settings-nav";

/** What stands in the address is not always an action. */
function known(action: string | undefined): AuditAction | null {
  return action && action in auditActions ? (action as AuditAction) : null;
}

/** Who did what, and when. */
export function Audit() {
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  const filter = useSearch({ from: "/settings/audit" });
  const navigate = useNavigate({ from: "/settings/audit" });
  const filtered = Object.keys(filter).length > 0;
  const list = usePaged(
    SettingsAuditDocument,
    {
      first: 50,
      action: known(filter.action),
      memberId: filter.member ?? null,
      subjectId: filter.subject ?? null,
      ...instants(filter),
    },
    (data) => data.auditLog,
  );
  const { shown, old } = useKept(list);
  const narrow = (more: typeof filter) =>
    navigate({ search: (was) => ({ ...was, ...more }), replace: true, resetScroll: false });
  return (
    <Page
      title={t("audit.title")}
      lead={t("audit.lead")}
      actions={
        <Button
          component="a"
          href={csvOf(filter)}
          download
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {common("download")}
        </Button>
      }
    >
      <SettingsNav />
      <AuditFilters filter={filter} narrow={narrow} clear={() => navigate({ search: {} })} />
      <Text size="xs" c="dimmed">
        {t("audit.csvHint")}
      </Text>
      {list.error && list.nodes.length === 0 && <Trouble error={list.error} again={list.again} />}
      {shown.empty && !list.error && <ListSkeleton lines={8} height={56} />}
      {!shown.empty && shown.nodes.length === 0 && (
        <Empty title={filtered ? t("audit.noneFound") : t("audit.none")}>
          {filtered && (
            <Button variant="default" onClick={() => navigate({ search: {} })}>
              {t("audit.clear")}
            </Button>
          )}
        </Empty>
      )}
      {shown.nodes.length > 0 && (
        <Stack gap="xs">
          <Paper
            withBorder
            px={{ base: "xs", sm: "md" }}
            py={4}
            role="group"
            aria-label={t("audit.title")}
            aria-busy={old}
            data-old={old || undefined}
          >
            {shown.nodes.map((line) => (
              <AuditLine key={line.id} line={line} narrow={narrow} />
            ))}
          </Paper>
          <More {...list} shown={shown.nodes.length} total={shown.total} hasNextPage={shown.hasNextPage} />
        </Stack>
      )}
    </Page>
  );
}
