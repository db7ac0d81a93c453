import { addTexts } from "../../i18n";
import { en } from "./en";
import { ja } from "./ja";

addTexts("openings", { ja, en });
