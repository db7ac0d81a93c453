import { Alert, Badge, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconEyeOff, IconHistory } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { useMay } from "../../graphql/viewer";
import { ActionButton } from "../../parts/action-button";
import { ExactTime } from "../../parts/exact-time";
import { Fact } from "../../parts/fact";
import { ButtonLink } from "../../parts/links";
import { done, useOutcome } from "../../parts/notify";
import { Time } from "../../parts/time";
import { SupportLink } from "../../parts/trouble";
import { type LinkAccountFragment, LinkImportNowDocument, type LinkRunFragment } from "./__generated__/link";
import { Countdown } from "./clock";
import { Facts } from "./facts";
import { LatestRun } from "./latest-run";

const healthColors: Record<LinkAccountFragment["health"], string> = {
  HEALTHY: "teal",
  DELAYED: "orange",
  STALE: "red",
};

interface LinkedProps {
  account: LinkAccountFragment;
  run: LinkRunFragment | undefined;
  /** Milliseconds between two imports. */
  interval: number;
}

/** 連携中: when it imported, when it will, and whether that goes well. */
export function Linked({ account, run, interval }: LinkedProps) {
  const { t } = useTranslation("link");
  return (
    <Stack>
      {account.failure && (
        <Alert
          color="orange"
          variant="light"
          title={t("troubleWhileLinked")}
          icon={<IconAlertTriangle aria-hidden />}
          role="alert"
        >
          <Text size="sm">{account.failure.message}</Text>
          <Text size="sm" mt={4}>
            {t("troubleSince")}: <Time at={account.failure.occurredAt} /> · {t("troubleNext")}
          </Text>
          <SupportLink reference={account.id} />
        </Alert>
      )}
      <Facts>
        <Fact name={t("lastImported")}>
          {account.lastImportedAt ? <ExactTime at={account.lastImportedAt} ago /> : t("notImported")}
        </Fact>
        <Fact name={t("nextImport")}>
          {account.nextImportAt ? (
            <>
              <ExactTime at={account.nextImportAt} /> <Countdown to={account.nextImportAt} />
              <Sooner account={account} interval={interval} />
            </>
          ) : (
            t("notScheduled")
          )}
        </Fact>
        <Fact name={t("health.label")}>
          <Badge variant="light" tt="none" color={healthColors[account.health]}>
            {t(`health.${account.health}`)}
          </Badge>
        </Fact>
        <Fact name={t("importFrom")}>
          <ImportFrom at={account.importFrom} />
        </Fact>
      </Facts>
      {run && <LatestRun run={run} />}
      {account.hiddenApplications > 0 && (
        <Alert
          color="yellow"
          variant="light"
          title={t("hidden", { count: account.hiddenApplications })}
          icon={<IconEyeOff aria-hidden />}
        >
          {t("hiddenHint")}
        </Alert>
      )}
      <Group gap="xs">
        <ImportNow account={account} />
        <ButtonLink
          variant="default"
          leftSection={<IconHistory size={16} aria-hidden />}
          to="/imports"
          search={{ account: account.id }}
        >
          {t("history")}
        </ButtonLink>
      </Group>
    </Stack>
  );
}

// An import may come a little before its slot.
const slack = 0.9;

/** Why the next import comes sooner than the plain interval behind the last one, where it does. */
function Sooner({ account, interval }: { account: LinkAccountFragment; interval: number }) {
  const { t } = useTranslation("link");
  const { nextImportAt, lastImportedAt, failure } = account;
  if (!nextImportAt || !lastImportedAt) return null;
  if (Date.parse(nextImportAt) - Date.parse(lastImportedAt) > interval * slack) return null;
  return (
    <Text size="xs" c="dimmed">
      {t(failure ? "soonerToRetry" : "soonerBySchedule")}
    </Text>
  );
}

/** The sentence differs in word order, and the instant stands within it. */
function ImportFrom({ at }: { at: string }) {
  const { t } = useTranslation("link");
  const [before, after] = t("since", { time: "\u0000" }).split("\u0000");
  return (
    <>
      {before}
      <Time at={at} />
      {after}
    </>
  );
}

function ImportNow({ account }: { account: LinkAccountFragment }) {
  const { t } = useTranslation("link");
  const may = useMay();
  const outcome = useOutcome();
  const [{ fetching }, importNow] = useMutation(LinkImportNowDocument);
  const go = async () => {
    const { data, error } = await importNow({ id: account.id });
    if (outcome(error, data?.importNow.errors))
      done(data?.importNow.alreadyQueued ? t("importAlready") : t("importQueued"));
  };
  if (!may("MANAGE_LINKS")) return null;
  return (
    <ActionButton
      state={account.availableActions.find((state) => state.action === "IMPORT_NOW")}
      loading={fetching}
      onClick={() => void go()}
    >
      {t("importNow")}
    </ActionButton>
  );
}
