import { Alert, Button, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SupportLink } from "../parts/trouble";

/** What stands where a page should: it threw something. */
export function Broken() {
  const { t } = useTranslation();
  return (
    <Alert role="alert" color="red" title={t("trouble.title")}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t("trouble.broken")}</Text>
        <Button size="xs" variant="default" onClick={() => location.reload()}>
          {t("retry")}
        </Button>
        <SupportLink />
      </Stack>
    </Alert>
  );
}
