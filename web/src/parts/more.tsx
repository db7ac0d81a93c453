import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface MoreProps {
  shown: number;
  total: number;
  hasNextPage: boolean;
  loading: boolean;
  next: () => void;
}

/** How much of a list is shown, and a way to the next page of it. */
export function More({ shown, total, hasNextPage, loading, next }: MoreProps) {
  const { t } = useTranslation();
  return (
    <Group justify="space-between" mih={36}>
      <Text size="sm" c="dimmed" aria-live="polite">
        {shown < total ? `${shown} / ` : ""}
        {t("list.count", { count: total })}
      </Text>
      {hasNextPage && (
        <Button variant="default" loading={loading} onClick={next}>
          {t("list.more")}
        </Button>
      )}
    </Group>
  );
}
