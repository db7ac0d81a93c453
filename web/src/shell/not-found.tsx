import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty, Page } from "../parts/page";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t("notFound.title")}>
      <Empty title={t("notFound.title")}>
        <Anchor component={Link} to="/">
          {t("notFound.back")}
        </Anchor>
      </Empty>
    </Page>
  );
}
