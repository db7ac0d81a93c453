import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { Box, Group, Paper, SegmentedControl, Skeleton, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { Trouble } from "../../parts/trouble";
import { ImportsChartDocument } from "./__generated__/imports";
import { type Bucket, buckets, type Unit } from "./buckets";

const height = 240;

/** What the latest runs brought in, over time: as bars, or as a table. */
export function RunChart({ accountId }: { accountId: string | undefined }) {
  const { t } = useTranslation("imports");
  const [as, setAs] = useState("graph");
  const [{ data, error }, again] = useQuery({
    query: ImportsChartDocument,
    variables: { accountId: accountId ?? null },
  });
  const runs = data?.importRuns.nodes ?? [];
  const { unit, buckets: found } = buckets(runs);
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {t("chart.title")}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={t("chart.as")}
          value={as}
          onChange={setAs}
          data={[
            { value: "graph", label: t("chart.graph") },
            { value: "table", label: t("chart.table") },
          ]}
        />
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t(unit === "day" ? "chart.perDay" : "chart.perHour", { runs: runs.length })}{" "}
        {found.some((bucket) => bucket.failed > 0) && `${t("chart.mark")} `}
        {found.length > 0 && found.every(isBare) && t("chart.nothing")}
      </Text>
      <Box h={height} pos="relative">
        {!data && !error && <Skeleton height={height} />}
        {!data && error && <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />}
        {data && as === "graph" && <Bars found={found} unit={unit} />}
        {data && as === "table" && <Numbers found={found} unit={unit} />}
      </Box>
    </Paper>
  );
}

function isBare({ routed, waiting, invalid }: Bucket): boolean {
  return routed + waiting + invalid === 0;
}

function useWhen(unit: Unit): (at: number) => string {
  const { i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(
    i18n.language,
    unit === "day"
      ? { month: "numeric", day: "numeric" }
      : { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" },
  );
  return (at) => format.format(at);
}

function Bars({ found, unit }: { found: Bucket[]; unit: Unit }) {
  const { t } = useTranslation("imports");
  const when = useWhen(unit);
  return (
    <div aria-hidden>
      <BarChart
        h={height}
        data={found.map((bucket) => ({ ...bucket, when: when(bucket.from) }))}
        dataKey="when"
        series={[
          { name: "imported", label: t("chart.imported"), color: "cyan.7", stackId: "imported" },
          { name: "routed", label: t("chart.routed"), color: "teal.6", stackId: "became" },
          { name: "waiting", label: t("chart.waiting"), color: "orange.5", stackId: "became" },
          { name: "invalid", label: t("chart.invalid"), color: "red.6", stackId: "became" },
          { name: "failed", label: t("chart.failed"), color: "grape.6", stackId: "failed" },
        ]}
        referenceLines={found
          .filter((bucket) => bucket.failed > 0)
          .map((bucket) => ({
            x: when(bucket.from),
            color: "red.6",
            label: t("chart.marked", { failed: bucket.failed }),
            labelPosition: "insideTopRight",
          }))}
        withLegend
        legendProps={{ itemSorter: null }}
        maxBarWidth={40}
        barProps={{ isAnimationActive: false }}
        barChartProps={{ accessibilityLayer: false }}
        yAxisProps={{ allowDecimals: false, width: 40 }}
      />
    </div>
  );
}

function Numbers({ found, unit }: { found: Bucket[]; unit: Unit }) {
  const { t, i18n } = useTranslation("imports");
  const when = useWhen(unit);
  const number = new Intl.NumberFormat(i18n.language);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section style={{ height, overflow: "auto" }} tabIndex={0} aria-label={t("chart.scroll")}>
      <Table stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("chart.when")}</Table.Th>
            <Table.Th scope="col">{t("chart.runs")}</Table.Th>
            <Table.Th scope="col">{t("chart.imported")}</Table.Th>
            <Table.Th scope="col">{t("chart.routed")}</Table.Th>
            <Table.Th scope="col">{t("chart.waiting")}</Table.Th>
            <Table.Th scope="col">{t("chart.invalid")}</Table.Th>
            <Table.Th scope="col">{t("chart.failed")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found
            .filter((bucket) => bucket.runs > 0)
            .toReversed()
            .map((bucket) => (
              <Table.Tr key={bucket.from}>
                <Table.Th scope="row">{when(bucket.from)}</Table.Th>
                <Table.Td>{number.format(bucket.runs)}</Table.Td>
                <Table.Td>{number.format(bucket.imported)}</Table.Td>
                <Table.Td>{number.format(bucket.routed)}</Table.Td>
                <Table.Td>{number.format(bucket.waiting)}</Table.Td>
                <Table.Td>{number.format(bucket.invalid)}</Table.Td>
                <Table.Td>{number.format(bucket.failed)}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
