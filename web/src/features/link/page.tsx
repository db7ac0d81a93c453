import { useTranslation } from "react-i18next";
import { addTexts } from "../../i18n";
import { Page } from "../../parts/page";
import { en } from "./en";
import { ja } from "./ja";

addTexts("link", { ja, en });

export function WantedlyLink() {
  const { t } = useTranslation("link");
  return <Page title={t("title")}>{null}</Page>;
}
