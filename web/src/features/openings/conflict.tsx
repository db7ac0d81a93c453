import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Conflict } from "./change";
import { Lines } from "./history";
import { Outcome } from "./outcome";

interface ConflictNoticeProps {
  conflict: Conflict;
  busy: boolean;
  goOn: () => void;
  giveUp: () => void;
}

/** What somebody else did since the application was read, and whether to go on all the same. */
export function ConflictNotice({ conflict, busy, goOn, giveUp }: ConflictNoticeProps) {
  const { t } = useTranslation("openings");
  const { application, changes } = conflict;
  return (
    <Alert role="alert" color="orange" variant="light" icon={<IconUsers aria-hidden />} title={t("conflict.title")}>
      <Stack gap="sm">
        <Text size="sm">{t("conflict.lead", { name: application.candidate.name })}</Text>
        <Lines lines={changes} />
        <Group gap="xs">
          <Text size="sm">{t("conflict.now", { step: application.step.name })}</Text>
          <Outcome outcome={application.outcome} />
        </Group>
        <Group gap="xs">
          <Button size="sm" loading={busy} onClick={goOn}>
            {t("conflict.goOn")}
          </Button>
          <Button size="sm" variant="default" onClick={giveUp}>
            {t("conflict.giveUp")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
