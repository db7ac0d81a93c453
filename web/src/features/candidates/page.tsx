import { useTranslation } from "react-i18next";
import { addTexts } from "../../i18n";
import { Page } from "../../parts/page";
import { en } from "./en";
import { ja } from "./ja";

addTexts("candidates", { ja, en });

export function Candidates() {
  const { t } = useTranslation("candidates");
  return <Page title={t("title")}>{null}</Page>;
}

export function Duplicates() {
  const { t } = useTranslation("candidates");
  return <Page title={t("title")}>{null}</Page>;
}

export function Candidate() {
  const { t } = useTranslation("candidates");
  return <Page title={t("title")}>{null}</Page>;
}
