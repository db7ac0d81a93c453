import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { exact, Time } from "./time";

interface ExactTimeProps {
  /** The instant, as the API has it. */
  at: string;
  /** How long ago it was, rather than when. */
  ago?: boolean;
}

/** An instant that stands alone: the exact one is there for the keyboard and for a finger, too. */
export function ExactTime({ at, ago = false }: ExactTimeProps) {
  const { i18n } = useTranslation();
  return (
    <Tooltip label={exact(at, i18n.language)} events={{ hover: true, focus: true, touch: true }}>
      {/* Not the browser's own hint besides. */}
      <Time at={at} ago={ago} title="" tabIndex={0} />
    </Tooltip>
  );
}
