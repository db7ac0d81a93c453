import { Group, Paper, Skeleton, Stack, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";

interface CardProps {
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
  /** Where one goes from here. */
  footer?: ReactNode;
  children: ReactNode;
}

/** One of home's parts. */
export function Card({ title, aside, footer, children }: CardProps) {
  const id = useId();
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id} h="100%" miw={0}>
      <Stack h="100%" gap="sm">
        <Group justify="space-between" gap="sm">
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {aside}
        </Group>
        {children}
        {footer && (
          <Group mt="auto" pt="xs">
            {footer}
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

/** What stands in for a part while it is read. */
export function CardSkeleton() {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="md" role="status" aria-label={t("list.loading")}>
      <Stack gap="sm">
        <Skeleton height={28} width="40%" />
        <Skeleton height={44} />
        <Skeleton height={44} />
        <Skeleton height={44} />
      </Stack>
    </Paper>
  );
}
