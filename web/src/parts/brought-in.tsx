import { Badge, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Paged } from "../graphql/paged";
import { useMay } from "../graphql/viewer";
import type { BroughtInEntryFragment } from "./__generated__/brought-in";
import classes from "./brought-in.module.css";
import { TextLink } from "./links";
import { More } from "./more";
import { Empty, ListSkeleton } from "./page";
import { Time } from "./time";
import { Trouble } from "./trouble";
import "./intake-texts";

const colors = { ROUTED: "teal", WAITING: "orange", EXCLUDED: "gray" } as const;

/** What an import brought in: who, for what, when, and where it went. */
export function BroughtIn({ list }: { list: Paged<BroughtInEntryFragment> & { next: () => void; again: () => void } }) {
  const { t } = useTranslation("intake");
  if (list.empty && list.error) return <Trouble error={list.error} again={list.again} />;
  if (list.empty) return <ListSkeleton lines={4} height={56} />;
  if (list.nodes.length === 0) return <Empty title={t("entries.none")} />;
  return (
    <Stack gap="xs">
      <ul className={classes.list} aria-label={t("entries.title")}>
        {list.nodes.map((entry) => (
          <Line key={entry.id} entry={entry} />
        ))}
      </ul>
      <More
        shown={list.nodes.length}
        total={list.total}
        hasNextPage={list.hasNextPage}
        loading={list.loading}
        error={list.error}
        next={list.next}
        again={list.again}
      />
    </Stack>
  );
}

function Line({ entry }: { entry: BroughtInEntryFragment }) {
  const { t } = useTranslation("intake");
  const may = useMay();
  const { candidate, application } = entry;
  return (
    <li className={classes.line}>
      <div>
        <Group gap="xs">
          {may("CONDUCT_SELECTION") ? (
            <TextLink
              to="/candidates/$candidateId"
              params={{ candidateId: candidate.id }}
              fw={600}
              className={classes.target ?? ""}
            >
              {candidate.name}
            </TextLink>
          ) : (
            <Text fw={600}>{candidate.name}</Text>
          )}
          {entry.kind === "SCOUT_REPLIED" && (
            <Badge size="sm" variant="default" tt="none">
              {t("entries.scout")}
            </Badge>
          )}
        </Group>
        <Text size="sm">{entry.positionName}</Text>
      </div>
      <Text size="sm" c="dimmed">
        {t("entries.appliedAt")} <Time at={entry.appliedAt} />
      </Text>
      <div>
        <Badge color={colors[entry.state]} variant="light" tt="none">
          {t(`entries.${entry.state}`)}
        </Badge>
        {application && (
          <Text size="sm" c="dimmed">
            {application.opening.name}
          </Text>
        )}
      </div>
      <TextLink
        to="/inbox"
        search={{ entry: entry.id }}
        size="sm"
        className={classes.target ?? ""}
        aria-label={t("entries.toInboxOf", { name: candidate.name })}
      >
        {t("entries.toInbox")}
      </TextLink>
    </li>
  );
}
