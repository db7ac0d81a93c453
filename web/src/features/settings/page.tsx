import { addTexts } from "../../i18n";
import { en } from "./en";
import { ja } from "./ja";

addTexts("settings", { ja, en });

export { Account } from "./account";
export { Audit } from "./audit";
export { Members } from "./members";
export { Privacy } from "./privacy";
export { Tokens } from "./tokens";
