import { Alert, Group, Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useMay } from "../../graphql/viewer";
import { TextLink } from "../../parts/links";
import { LinkWaitingDocument } from "./__generated__/link";

/** How many wait to be routed, asked anew when `imported` changes; null until that is known, 0 for who has no part in it. */
export function useWaiting(imported: string): number | null {
  const works = useMay()("WORK_INBOX");
  const [{ data, error }, again] = useQuery({
    query: LinkWaitingDocument,
    requestPolicy: "cache-and-network",
    pause: !works,
  });
  useEffect(() => {
    if (works && imported) again({ requestPolicy: "network-only" });
  }, [works, imported, again]);
  if (data) return data.inboxSummary.waiting;
  return works && !error ? null : 0;
}

/** Who came in and waits: that is the next thing to see to. */
export function WhoWaits({ count }: { count: number }) {
  const { t } = useTranslation("link");
  const may = useMay();
  return (
    <Alert variant="light" title={t("waiting", { count })}>
      <Group gap="md">
        <Text size="sm">{t("waitingHint")}</Text>
        <TextLink to="/inbox" size="sm">
          {t("toInbox")}
        </TextLink>
        {may("MANAGE_RULES") && (
          <TextLink to="/rules" size="sm">
            {t("toRules")}
          </TextLink>
        )}
      </Group>
    </Alert>
  );
}
