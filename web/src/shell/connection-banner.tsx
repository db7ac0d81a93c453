import { Alert } from "@mantine/core";
import { IconPlugConnected, IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useConnection } from "../graphql/live-connection";

// A change of servers takes less: nobody is to be told of it.
const patience = 1_000;
const thanks = 4_000;

/** Says that what is on screen may be old, and that it no longer is. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const connection = useConnection();
  const [says, setSays] = useState<"nothing" | "lost" | "back">("nothing");
  const said = useRef(says);
  said.current = says;
  useEffect(() => {
    if (connection === "lost") {
      const timer = setTimeout(() => setSays("lost"), patience);
      return () => clearTimeout(timer);
    }
    if (connection !== "open" || said.current !== "lost") return;
    setSays("back");
    const timer = setTimeout(() => setSays("nothing"), thanks);
    return () => clearTimeout(timer);
  }, [connection]);
  return (
    <div role="status" aria-live="polite">
      {says === "lost" && (
        <Alert color="red" variant="filled" radius={0} py="xs" autoContrast icon={<IconPlugConnectedX aria-hidden />}>
          {t("connection.lost")}
        </Alert>
      )}
      {says === "back" && (
        <Alert color="teal" variant="filled" radius={0} py="xs" autoContrast icon={<IconPlugConnected aria-hidden />}>
          {t("connection.back")}
        </Alert>
      )}
    </div>
  );
}
