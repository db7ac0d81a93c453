import { useTranslation } from "react-i18next";
import { addTexts } from "../../i18n";
import { Page } from "../../parts/page";
import { en } from "./en";
import { ja } from "./ja";

addTexts("rules", { ja, en });

export function Rules() {
  const { t } = useTranslation("rules");
  return <Page title={t("title")}>{null}</Page>;
}
