import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./style.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { addTexts, chosenLanguage, startTexts } from "./i18n";
import { en } from "./i18n/common.en";
import { ja } from "./i18n/common.ja";

await startTexts(chosenLanguage());
addTexts("common", { ja, en });

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
