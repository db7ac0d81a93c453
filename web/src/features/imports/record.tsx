import { Anchor, Badge, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { TextLink } from "../../parts/links";
import { Time } from "../../parts/time";
import type { ImportsUnreadableQuery, ImportsUnreadableRecordFragment } from "./__generated__/unreadable";
import classes from "./record.module.css";

type Entry = ImportsUnreadableQuery["invalidRecords"]["nodes"][number]["entry"];

interface RecordProps {
  record: ImportsUnreadableRecordFragment & { entry?: Entry };
  /** What stands before it, such as a box to select it. */
  children?: ReactNode;
}

const colors = { OPEN: "red", RETRYING: "cyan", RESOLVED: "teal" } as const;

/** An application that could not be read: why, and what became of it. */
export function Record({ record, children }: RecordProps) {
  const { t } = useTranslation("imports");
  const medium = t(`medium.${record.account.medium}`, { ns: "common" });
  const address = /^https?:\/\//.test(record.externalUrl ?? "") ? record.externalUrl : null;
  return (
    <li className={classes.line}>
      {children}
      <div className={classes.what}>
        <Group gap="sm">
          <Text fw={600}>{t("unreadable.number", { number: record.externalId })}</Text>
          <Badge color={colors[record.state]} variant="light" tt="none">
            {t(`unreadable.state.${record.state}`)}
          </Badge>
          {address && (
            <Anchor
              href={address}
              target="_blank"
              rel="noreferrer"
              size="sm"
              className={classes.target ?? ""}
              aria-label={t("unreadable.onMediumOf", { number: record.externalId, medium })}
            >
              {t("unreadable.onMedium", { medium })}
            </Anchor>
          )}
        </Group>
        <Text size="sm">{record.message}</Text>
        <Text size="xs" c="dimmed">
          {t("unreadable.met")} <Time at={record.occurredAt} /> · {t("unreadable.attempts", { count: record.attempts })}
          {record.resolvedAt && (
            <>
              {" · "}
              {t("unreadable.resolved")} <Time at={record.resolvedAt} />
            </>
          )}
        </Text>
        {record.entry && (
          <TextLink
            to="/inbox"
            search={{ entry: record.entry.id }}
            size="sm"
            className={classes.target ?? ""}
            aria-label={t("unreadable.becameOf", { name: record.entry.candidate.name })}
          >
            {t("unreadable.became")}
          </TextLink>
        )}
        {record.state === "RESOLVED" && record.entry === null && (
          <Text size="sm" c="dimmed">
            {t("unreadable.elsewhere")}
          </Text>
        )}
      </div>
    </li>
  );
}
