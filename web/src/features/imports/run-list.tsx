import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Duration } from "../../parts/duration";
import { IntakeBadge } from "../../parts/intake-status";
import { TextLink } from "../../parts/links";
import { short, Time } from "../../parts/time";
import type { ImportRunLineFragment } from "./__generated__/imports";
import classes from "./run-list.module.css";

interface RunListProps {
  runs: readonly ImportRunLineFragment[];
  /** Whether there are several accounts, so that it says of which each was. */
  several: boolean;
}

/** Runs, a card each on a phone and a line each on anything wider. */
export function RunList({ runs, several }: RunListProps) {
  const { t } = useTranslation("imports");
  return (
    <ul className={classes.list} aria-label={t("list")}>
      {runs.map((run) => (
        <RunLine key={run.id} run={run} several={several} />
      ))}
    </ul>
  );
}

function RunLine({ run, several }: { run: ImportRunLineFragment; several: boolean }) {
  const { t, i18n } = useTranslation("imports");
  const at = run.startedAt ?? run.dueAt;
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <li className={classes.line}>
      <div className={classes.at}>
        <TextLink
          to="/imports/$runId"
          params={{ runId: run.id }}
          fw={600}
          className={classes.target ?? ""}
          aria-label={t("at", { at: short(at, i18n.language) })}
        >
          <Time at={at} />
        </TextLink>
        <Text size="xs" c="dimmed">
          {t(`trigger.${run.trigger}`)} · <Duration from={run.startedAt} to={run.finishedAt} />
        </Text>
        {several && (
          <Text size="xs" c="dimmed" truncate>
            {run.account.email}
          </Text>
        )}
      </div>
      <div>
        <IntakeBadge status={run.status} />
      </div>
      <dl className={classes.numbers}>
        {(["imported", "routed", "waiting", "invalid", "hidden"] as const).map((name) => (
          <div key={name}>
            <Text component="dt" size="xs" c="dimmed">
              {t(`column.${name}`)}
            </Text>
            <Text component="dd" m={0} fw={name === "imported" ? 600 : 400} className="numbers">
              {number.format(run[name])}
            </Text>
          </div>
        ))}
      </dl>
      {run.failure && (
        <Text size="sm" className={classes.why ?? ""}>
          {run.failure.message}
        </Text>
      )}
    </li>
  );
}
