import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LinkStatus } from "./__generated__/link";

const colors: Record<LinkStatus, string> = {
  UNLINKED: "gray",
  VERIFYING: "blue",
  LINKED: "teal",
  AUTH_FAILED: "red",
  SYSTEM_ERROR: "red",
};

/** 連携状況, in a word. */
export function AccountStatus({ status }: { status: LinkStatus }) {
  const { t } = useTranslation("link");
  return (
    <Badge size="lg" variant="light" color={colors[status]} tt="none" data-status={status}>
      {t(`status.${status}`)}
    </Badge>
  );
}
