import { Group, Loader, Paper, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { TextLink } from "../../parts/links";
import { Time } from "../../parts/time";
import type { LinkRunFragment } from "./__generated__/link";

/** How the account's latest run goes, or how it ended. */
export function LatestRun({ run }: { run: LinkRunFragment }) {
  const { t, i18n } = useTranslation("link");
  const number = (count: number) => new Intl.NumberFormat(i18n.language).format(count);
  const at = run.finishedAt ?? run.startedAt;
  const going = run.status === "RUNNING";
  return (
    <Paper bg="var(--mantine-color-default-hover)" p="sm" radius="md">
      <Group gap="xs" mih={24}>
        {going && <Loader size="xs" type="dots" aria-hidden />}
        <Text size="sm" fw={600} role="status">
          {t(`run.${run.status}`)}
        </Text>
        {at && !going && (
          <Text size="sm" c="dimmed">
            <Time at={at} ago />
          </Text>
        )}
        <TextLink to="/imports/$runId" params={{ runId: run.id }} size="sm" ml="auto">
          {t("run.details")}
        </TextLink>
      </Group>
      <Text size="sm" className="numbers">
        {t("run.counts", {
          seen: number(run.seen),
          imported: number(run.imported),
          routed: number(run.routed),
          waiting: number(run.waiting),
        })}
        {run.invalid > 0 && ` · ${t("run.invalid", { count: run.invalid })}`}
      </Text>
    </Paper>
  );
}
