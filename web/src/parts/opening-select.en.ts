import type { English } from "../i18n";
import type { ja } from "./opening-select.ja";

export const en: English<typeof ja> = {
  suggested: "Suggested",
  all: "Open",
  closed: "{{name}} (closed)",
  nothing: "No such opening",
  nothingOpen: "No open opening of this name",
  reading: "Looking for openings",
  clear: "Choose no opening",
  create: "Create the opening “{{name}}”",
  created: "The opening “{{name}}” was created.",
};
