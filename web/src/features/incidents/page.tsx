import { addTexts } from "../../i18n";
import { en } from "./en";
import { ja } from "./ja";

addTexts("incidents", { ja, en });

export { Incidents } from "./incidents";
export { Notifications } from "./notifications";
