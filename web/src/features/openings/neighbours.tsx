import { Button, Group, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

interface NeighboursProps {
  application: string;
  order: readonly string[];
  open: (application: string) => void;
}

/** The way to whoever stands before and behind the open application, as far as that is known. */
export function Neighbours({ application, order, open }: NeighboursProps) {
  const { t } = useTranslation("openings");
  const place = order.indexOf(application);
  if (place < 0 || order.length < 2) return null;
  const way = (to: string | undefined) => ({
    size: "xs",
    variant: "default",
    // Not `disabled`: at the end of the list the focus stays where it is.
    "data-disabled": to === undefined || undefined,
    "aria-disabled": to === undefined || undefined,
    onClick: () => to !== undefined && open(to),
  });
  return (
    <Group justify="space-between" mb="sm" role="group" aria-label={t("neighbours.label")}>
      <Button {...way(order[place - 1])} leftSection={<IconChevronLeft size={14} aria-hidden />}>
        {t("neighbours.previous")}
      </Button>
      <Text size="xs" c="dimmed" className="numbers">
        {place + 1} / {order.length}
      </Text>
      <Button {...way(order[place + 1])} rightSection={<IconChevronRight size={14} aria-hidden />}>
        {t("neighbours.next")}
      </Button>
    </Group>
  );
}
