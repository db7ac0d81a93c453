import { SegmentedControl, Stack, Title } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { usePaged } from "../../graphql/paged";
import { TextLink } from "../../parts/links";
import { More } from "../../parts/more";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import { IncidentsListDocument } from "./__generated__/incidents";
import { IncidentCard } from "./incident-card";

/** What stands still, and what stood. */
export function Incidents() {
  const { t } = useTranslation("incidents");
  const { open } = useSearch({ from: "/incidents" });
  const navigate = useNavigate({ from: "/incidents" });
  const filter = open === "true" ? "open" : open === "false" ? "over" : "all";
  const choose = (chosen: string) =>
    void navigate({ search: chosen === "all" ? {} : { open: String(chosen === "open") }, replace: true });
  return (
    <Page title={t("title")} lead={t("lead")}>
      <SegmentedControl
        aria-label={t("filter.label")}
        value={filter}
        onChange={choose}
        data={(["all", "open", "over"] as const).map((value) => ({ value, label: t(`filter.${value}`) }))}
        style={{ alignSelf: "flex-start" }}
      />
      {filter !== "over" && <Section open />}
      {filter !== "open" && <Section open={false} />}
    </Page>
  );
}

function Section({ open }: { open: boolean }) {
  const { t } = useTranslation("incidents");
  const list = usePaged(IncidentsListDocument, { open }, (data) => data.incidents);
  return (
    <Stack component="section" gap="sm" aria-label={t(open ? "openNow" : "over")}>
      <Title order={2} size="h4">
        {t(open ? "openNow" : "over")}
      </Title>
      {list.error && list.nodes.length === 0 && <Trouble error={list.error} again={list.again} />}
      {list.empty && !list.error && <ListSkeleton lines={open ? 1 : 3} height={open ? 300 : 72} />}
      {!list.empty && list.nodes.length === 0 && <Nothing open={open} />}
      {list.nodes.map((incident) => (
        <IncidentCard key={incident.id} incident={incident} />
      ))}
      {list.nodes.length > 0 && (
        <More
          shown={list.nodes.length}
          total={list.total}
          hasNextPage={list.hasNextPage}
          loading={list.loading}
          error={list.error}
          next={list.next}
          again={list.again}
        />
      )}
    </Stack>
  );
}

function Nothing({ open }: { open: boolean }) {
  const { t } = useTranslation("incidents");
  if (!open) return <Empty title={t("noneOver")}>{t("noneOverHint")}</Empty>;
  return (
    <Empty
      icon={<IconCircleCheck size={40} stroke={1.4} color="var(--mantine-color-teal-6)" aria-hidden />}
      title={t("allWell")}
    >
      <Stack gap="xs" align="center">
        {t("allWellHint")}
        <TextLink to="/imports" inherit>
          {t("toImports")}
        </TextLink>
      </Stack>
    </Empty>
  );
}
