import { ActionIcon, Badge, Checkbox, Group, Text } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { TextLink } from "../../parts/links";
import { Time } from "../../parts/time";
import type { InboxRowFragment } from "./__generated__/inbox";
import classes from "./inbox.module.css";

interface EntryRowProps {
  entry: InboxRowFragment;
  /** Undefined where nothing can be chosen. */
  chosen: boolean | undefined;
  toggle: (id: string, range: boolean) => void;
  open: (id: string) => void;
}

/** One application in the list. */
export const EntryRow = memo(function EntryRow({ entry, chosen, toggle, open }: EntryRowProps) {
  const { t } = useTranslation(["inbox", "common"]);
  const { id, candidate } = entry;
  return (
    <li className={classes.row} data-entry={id} data-chosen={chosen || undefined}>
      {chosen !== undefined && (
        <Checkbox
          className={classes.check ?? ""}
          checked={chosen}
          onChange={(event) => toggle(id, (event.nativeEvent as MouseEvent).shiftKey)}
          aria-label={t("list.select", { name: candidate.name })}
          size="md"
        />
      )}
      <Application entry={entry} open={open} />
    </li>
  );
});

/** What an application says of itself: it is not drawn anew when it is chosen. */
const Application = memo(function Application({ entry, open }: Pick<EntryRowProps, "entry" | "open">) {
  const { t } = useTranslation(["inbox", "common"]);
  const { id, candidate, explanation } = entry;
  return (
    <>
      <div className={classes.who}>
        <TextLink
          to="/candidates/$candidateId"
          params={{ candidateId: candidate.id }}
          fw={600}
          c="bright"
          truncate
          maw="100%"
          display="inline-block"
          style={{ verticalAlign: "bottom" }}
        >
          {candidate.name}
        </TextLink>
        <Text size="sm" c="dimmed" truncate>
          {candidate.currentPosition ?? t("common:none")}
        </Text>
      </div>
      <div className={classes.what}>
        <Text size="sm" className={classes.clamped ?? ""}>
          {entry.positionName}
        </Text>
        <Text size="sm" c="dimmed" component="div">
          {t(`common:medium.${entry.medium}`)} · {t(`kind.${entry.kind}`)} · <Time at={entry.appliedAt} span />
        </Text>
      </div>
      <div className={classes.why}>
        <Group gap={6} wrap="nowrap" align="flex-start">
          {explanation.waitingReason && (
            <Badge variant="light" color="orange" tt="none" style={{ flex: "none" }}>
              {t(`reason.${explanation.waitingReason}`)}
            </Badge>
          )}
          {entry.state === "ROUTED" && explanation.opening && (
            <TextLink to="/openings/$openingId" params={{ openingId: explanation.opening.id }} size="sm" truncate>
              {explanation.opening.name}
            </TextLink>
          )}
        </Group>
        {explanation.waitingReason !== "NO_RULE" && (
          <Text size="sm" c="dimmed" className={classes.clamped ?? ""}>
            {explanation.summary}
          </Text>
        )}
      </div>
      <ActionIcon
        className={classes.open ?? ""}
        variant="transparent"
        color="gray"
        size={36}
        onClick={() => open(id)}
        aria-label={t("list.details", { name: candidate.name })}
        data-open
      >
        <IconChevronRight size={20} aria-hidden />
      </ActionIcon>
    </>
  );
});
