import { useTranslation } from "react-i18next";
import { addTexts } from "../../i18n";
import { Page } from "../../parts/page";
import { en } from "./en";
import { ja } from "./ja";

addTexts("inbox", { ja, en });

export function Inbox() {
  const { t } = useTranslation("inbox");
  return <Page title={t("title")}>{null}</Page>;
}

export function RoutingActions() {
  const { t } = useTranslation("inbox");
  return <Page title={t("title")}>{null}</Page>;
}
