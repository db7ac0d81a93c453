import { useTranslation } from "react-i18next";
import { addTexts } from "../../i18n";
import { Page } from "../../parts/page";
import { en } from "./en";
import { ja } from "./ja";

addTexts("incidents", { ja, en });

export function Incidents() {
  const { t } = useTranslation("incidents");
  return <Page title={t("title")}>{null}</Page>;
}

export function Notifications() {
  const { t } = useTranslation("incidents");
  return <Page title={t("title")}>{null}</Page>;
}
