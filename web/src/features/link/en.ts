import type { English } from "../../i18n";
import type { ja } from "./ja";

export const en: English<typeof ja> = {
  title: "Wantedly",
};
