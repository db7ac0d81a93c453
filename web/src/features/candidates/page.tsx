import { addTexts } from "../../i18n";
import { en } from "./en";
import { ja } from "./ja";

addTexts("candidates", { ja, en });

export { Candidate } from "./candidate";
export { Duplicates } from "./duplicates";
export { Candidates } from "./list";
