import { Alert, Anchor, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "../parts/page";

/** What stands where a page should that is not for the viewer. */
export function Forbidden() {
  const { t } = useTranslation();
  return (
    <Page title={t("forbidden.title")}>
      <Alert role="alert" color="gray">
        {t("trouble.forbidden")}
      </Alert>
      <Group>
        <Anchor component={Link} to="/">
          {t("notFound.back")}
        </Anchor>
      </Group>
    </Page>
  );
}
