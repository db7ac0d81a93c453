import { Alert, Checkbox, SegmentedControl, Stack, Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import type { IncidentKind, NotificationPreferencesInput } from "../../graphql/__generated__/schema";
import { done, useOutcome } from "../../parts/notify";
import { ListSkeleton } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import {
  SettingsPreferencesDocument,
  type SettingsPreferencesFragment,
  SettingsUpdatePreferencesDocument,
} from "./__generated__/account";
import { Section } from "./section";

const kinds = ["LINK_FAILED", "STALE", "QUARANTINED", "MEDIUM_OUTAGE", "WAITING"] as const satisfies IncidentKind[];

/** What the viewer hears of by e-mail. */
export function Preferences() {
  const { t } = useTranslation("settings");
  const [{ data, error }, again] = useQuery({ query: SettingsPreferencesDocument });
  const preferences = data?.viewer.notificationPreferences;
  return (
    <Section title={t("preferences.title")} hint={t("preferences.hint")}>
      {error && !preferences && <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />}
      {!error && !preferences && <ListSkeleton lines={5} height={40} />}
      {preferences && <Choices preferences={preferences} />}
    </Section>
  );
}

function Choices({ preferences }: { preferences: SettingsPreferencesFragment }) {
  const { t } = useTranslation("settings");
  const outcome = useOutcome();
  const [saving, save] = useMutation(SettingsUpdatePreferencesDocument);
  const change = async (input: Partial<NotificationPreferencesInput>) => {
    const { data, error } = await save({ input: { byDefault: false, ...input } });
    if (outcome(error, data?.updateNotificationPreferences.errors)) done(t("preferences.saved"));
  };
  return (
    <Stack>
      {!preferences.mailAvailable && (
        <Alert color="gray" title={t("preferences.noMail")}>
          {preferences.whyNoMail}
        </Alert>
      )}
      <Switch
        label={t("preferences.byDefault")}
        description={t("preferences.byDefaultHint")}
        checked={preferences.byDefault}
        disabled={saving.fetching}
        onChange={(event) => change(event.currentTarget.checked ? { byDefault: true } : { mail: preferences.mail })}
      />
      <Checkbox.Group
        label={t("preferences.kinds")}
        value={[...preferences.mail]}
        onChange={(mail) => change({ mail: mail as IncidentKind[] })}
      >
        <Stack gap="xs" mt="xs">
          {kinds.map((kind) => (
            <Checkbox key={kind} value={kind} label={t(`kind.${kind}`)} disabled={saving.fetching} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Stack gap={4} maw={400}>
        <Text size="sm" fw={600} id="settings-mail-language">
          {t("preferences.language")}
        </Text>
        <SegmentedControl
          fullWidth
          aria-labelledby="settings-mail-language"
          value={preferences.language}
          data={[
            { value: "JA", label: "日本語" },
            { value: "EN", label: "English" },
          ]}
          onChange={(language) => change({ language: language as "JA" | "EN", byDefault: preferences.byDefault })}
        />
      </Stack>
    </Stack>
  );
}
