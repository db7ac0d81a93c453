import { addTexts } from "../i18n";
import { en } from "./intake.en";
import { ja } from "./intake.ja";

// What imports from a link and from a file have in common.
addTexts("intake", { ja, en });
