import { Badge, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMay } from "../../graphql/viewer";
import { TextLink } from "../../parts/links";
import { Time } from "../../parts/time";
import type { CandidateEntryFragment } from "./__generated__/candidate";
import { AwayLink } from "./profile";

const colors = { ROUTED: "cyan", WAITING: "orange", EXCLUDED: "gray" } as const;

/** What came in of a person, and why each is where it is. */
export function Entries({ entries }: { entries: readonly CandidateEntryFragment[] }) {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  const may = useMay();
  if (entries.length === 0) return <Text size="sm">{t("entries.none")}</Text>;
  return (
    <Stack gap="md" component="ul" p={0} m={0} style={{ listStyle: "none" }}>
      {entries.map((entry) => (
        <Stack component="li" key={entry.id} gap={4}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {entry.positionName}
            </Text>
            <Badge variant="light" tt="none" color={colors[entry.state]}>
              {t(`state.${entry.state}`)}
            </Badge>
          </Group>
          <Text size="sm">{entry.explanation.summary}</Text>
          <Group gap="sm" fz="xs" c="dimmed">
            <span>
              {common(`medium.${entry.medium}`)} · {t(`kind.${entry.kind}`)}
            </span>
            <span>
              {t("entries.applied")}
              <Time at={entry.appliedAt} />
            </span>
            {entry.explanation.decidedAt && (
              <span>
                {t("entries.decided")}
                {entry.explanation.decidedBy} <Time at={entry.explanation.decidedAt} />
              </span>
            )}
          </Group>
          <Group gap="md">
            {may("WORK_INBOX") && (
              <TextLink to="/inbox" search={{ entry: entry.id }} size="sm">
                {t("entries.inInbox")}
              </TextLink>
            )}
            {entry.externalUrl && <AwayLink url={entry.externalUrl}>{t("entries.external")}</AwayLink>}
          </Group>
        </Stack>
      ))}
    </Stack>
  );
}
