import { useTranslation } from "react-i18next";
import { addTexts } from "../../i18n";
import { Page } from "../../parts/page";
import { en } from "./en";
import { ja } from "./ja";

addTexts("home", { ja, en });

export function Home() {
  const { t } = useTranslation("home");
  return <Page title={t("title")}>{null}</Page>;
}
