import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Time } from "../../parts/time";
import { ShownOnce } from "./shown-once";

/** A link that works once, for somebody. */
export interface OneTimeLink {
  kind: "invited" | "reset";
  name: string;
  url: string;
  expiresAt: string;
}

/** Shows a link to hand over, this once, and until when it works. */
export function LinkShown({ link, close }: { link: OneTimeLink; close: () => void }) {
  const { t } = useTranslation("settings");
  return (
    <ShownOnce
      title={t(`member.${link.kind}`, { name: link.name })}
      hint={t(`member.${link.kind}Hint`)}
      label={t("member.link")}
      secret={link.url}
      close={close}
    >
      <Text size="sm">
        {t("once.until")}: <Time at={link.expiresAt} />
      </Text>
    </ShownOnce>
  );
}
