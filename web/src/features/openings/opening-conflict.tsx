import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { OpeningDraft } from "./flow";

interface OpeningConflictProps {
  now: OpeningDraft;
  yours: OpeningDraft;
  busy: boolean;
  take: () => void;
  overwrite: () => void;
}

/** That somebody else changed the opening meanwhile: how it is now, what was entered here, and whose word counts. */
export function OpeningConflict({ now, yours, busy, take, overwrite }: OpeningConflictProps) {
  const { t, i18n } = useTranslation("openings");
  const { t: common } = useTranslation();
  const seats = (of: OpeningDraft) =>
    of.capacity === "" ? common("none") : new Intl.NumberFormat(i18n.language).format(Number(of.capacity));
  const flow = (of: OpeningDraft) =>
    of.steps.map((step) => t("form.conflict.step", { name: step.name, kind: t(`kind.${step.kind}`) })).join(" → ");
  const different = [
    { label: t("form.name"), there: now.name, here: yours.name },
    { label: t("form.capacity"), there: seats(now), here: seats(yours) },
    { label: t("form.steps"), there: flow(now), here: flow(yours) },
  ].filter(({ there, here }) => there !== here);
  return (
    <Alert
      role="alert"
      color="orange"
      variant="light"
      icon={<IconUsers aria-hidden />}
      title={t("form.conflict.title")}
    >
      <Stack gap="sm">
        <Text size="sm">{different.length > 0 ? t("form.conflict.lead") : t("form.conflict.same")}</Text>
        {different.map(({ label, there, here }) => (
          <div key={label}>
            <Text size="sm" fw={600}>
              {label}
            </Text>
            <Text size="sm">{t("form.conflict.now", { value: there })}</Text>
            <Text size="sm">{t("form.conflict.yours", { value: here })}</Text>
          </div>
        ))}
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={take}>
            {t("form.conflict.take")}
          </Button>
          <Button size="xs" variant="default" loading={busy} onClick={overwrite}>
            {t("form.conflict.overwrite")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
