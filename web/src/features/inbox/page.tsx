import { addTexts } from "../../i18n";
import { en } from "./en";
import { ja } from "./ja";

export { Inbox } from "./inbox";
export { RoutingActions } from "./routing-actions";

addTexts("inbox", { ja, en });
