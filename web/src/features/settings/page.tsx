import { useTranslation } from "react-i18next";
import { addTexts } from "../../i18n";
import { Page } from "../../parts/page";
import { en } from "./en";
import { ja } from "./ja";

addTexts("settings", { ja, en });

export function Account() {
  const { t } = useTranslation("settings");
  return <Page title={t("title")}>{null}</Page>;
}

export function Members() {
  const { t } = useTranslation("settings");
  return <Page title={t("title")}>{null}</Page>;
}

export function Tokens() {
  const { t } = useTranslation("settings");
  return <Page title={t("title")}>{null}</Page>;
}

export function Audit() {
  const { t } = useTranslation("settings");
  return <Page title={t("title")}>{null}</Page>;
}

export function Privacy() {
  const { t } = useTranslation("settings");
  return <Page title={t("title")}>{null}</Page>;
}
