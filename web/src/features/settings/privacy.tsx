import { Alert, Button, Group, NumberInput, Stack, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import { useMay } from "../../graphql/viewer";
import { done, useOutcome } from "../../parts/notify";
import { ListSkeleton, Page } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import { SettingsRetentionDocument, SettingsUpdateRetentionDocument } from "./__generated__/privacy";
import { Erasures } from "./erasures";
import { Section } from "./section";
import { SettingsNav } from "./settings-nav";
import { Sure } from "./sure";

/** For how long candidates stay, and the receipts of those who are gone. */
export function Privacy() {
  const { t } = useTranslation("settings");
  const may = useMay();
  return (
    <Page title={t("privacy.title")} lead={t("privacy.lead")}>
      <SettingsNav />
      <Stack gap="lg" maw={880}>
        {may("MANAGE_RETENTION") && <Retention />}
        {may("ERASE_CANDIDATES") && <Erasures />}
      </Stack>
    </Page>
  );
}

function Retention() {
  const { t } = useTranslation("settings");
  const [{ data, error }, again] = useQuery({
    query: SettingsRetentionDocument,
    requestPolicy: "cache-and-network",
  });
  const months = data?.viewer.company.retentionMonths;
  return (
    <Section title={t("privacy.retention")} hint={months ? t("privacy.now", { count: months }) : t("privacy.forever")}>
      {error && !data && <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />}
      {!error && !data && <ListSkeleton lines={3} height={48} />}
      {data && <Choice key={months} months={months ?? null} />}
    </Section>
  );
}

const most = 120;
const usual = 12;

function Choice({ months }: { months: number | null }) {
  const { t } = useTranslation("settings");
  const outcome = useOutcome();
  const [limited, setLimited] = useState(months !== null);
  const [count, setCount] = useState<number | string>(months ?? usual);
  const [asking, setAsking] = useState(false);
  const [, update] = useMutation(SettingsUpdateRetentionDocument);
  const chosen = limited ? Number(count) : null;
  const valid = chosen === null || (Number.isInteger(chosen) && chosen >= 1 && chosen <= most);
  const will = chosen === null ? t("privacy.willForever") : t("privacy.will", { count: chosen });
  const save = async () => {
    const { data, error } = await update({ months: chosen });
    if (outcome(error, data?.updateRetention.errors)) done(t("privacy.saved"));
  };
  return (
    <Stack>
      <Switch
        label={t("privacy.limited")}
        checked={limited}
        onChange={(event) => setLimited(event.currentTarget.checked)}
      />
      {limited && (
        <NumberInput
          label={t("privacy.months")}
          description={t("privacy.monthsHint")}
          maw={280}
          min={1}
          max={most}
          allowDecimal={false}
          value={count}
          onChange={setCount}
          error={!valid}
        />
      )}
      {valid && (
        <Text size="sm" aria-live="polite">
          {will}
        </Text>
      )}
      <Group>
        <Button disabled={!valid || chosen === months} onClick={() => setAsking(true)}>
          {t("privacy.confirm")}
        </Button>
      </Group>
      {asking && (
        <Sure
          title={t("privacy.confirmTitle")}
          action={t("privacy.confirm")}
          grave={chosen !== null}
          doIt={save}
          close={() => setAsking(false)}
        >
          <Text size="sm">{will}</Text>
          {chosen !== null && <Alert color="red">{t("privacy.irreversible")}</Alert>}
        </Sure>
      )}
    </Stack>
  );
}
