import { useTranslation } from "react-i18next";
import { addTexts } from "../../i18n";
import { Page } from "../../parts/page";
import { en } from "./en";
import { ja } from "./ja";

addTexts("files", { ja, en });

export function Files() {
  const { t } = useTranslation("files");
  return <Page title={t("title")}>{null}</Page>;
}

export function File() {
  const { t } = useTranslation("files");
  return <Page title={t("title")}>{null}</Page>;
}
