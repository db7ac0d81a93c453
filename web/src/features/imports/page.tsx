import { useTranslation } from "react-i18next";
import { addTexts } from "../../i18n";
import { Page } from "../../parts/page";
import { en } from "./en";
import { ja } from "./ja";

addTexts("imports", { ja, en });

export function Imports() {
  const { t } = useTranslation("imports");
  return <Page title={t("title")}>{null}</Page>;
}

export function Unreadable() {
  const { t } = useTranslation("imports");
  return <Page title={t("title")}>{null}</Page>;
}

export function Run() {
  const { t } = useTranslation("imports");
  return <Page title={t("title")}>{null}</Page>;
}
