import { useTranslation } from "react-i18next";
import { addTexts } from "../../i18n";
import { Page } from "../../parts/page";
import { en } from "./en";
import { ja } from "./ja";

addTexts("openings", { ja, en });

export function Openings() {
  const { t } = useTranslation("openings");
  return <Page title={t("title")}>{null}</Page>;
}

export function Opening() {
  const { t } = useTranslation("openings");
  return <Page title={t("title")}>{null}</Page>;
}
