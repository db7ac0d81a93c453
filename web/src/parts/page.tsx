import { Box, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";

interface PageProps {
  title: string;
  /** A sentence on what one does here. */
  lead?: string;
  /** What can be done to the whole page: buttons at its upper right. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page: its title, also the window's, what can be done, and what there is. */
export function Page({ title, lead, actions, children }: PageProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t("name")}`;
  }, [title, t]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="md">
        <Box flex="1 1 300px">
          <Title order={1} size="h2" tabIndex={-1}>
            {title}
          </Title>
          {lead && (
            <Text c="dimmed" size="sm" mt={4}>
              {lead}
            </Text>
          )}
        </Box>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

/** What stands in for a list while it is read: as many lines, as high as they will be, so that nothing jumps. */
export function ListSkeleton({ lines = 8, height = 44 }: { lines?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" role="status" aria-label={t("list.loading")}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <Skeleton key={line} height={height} radius="sm" />
      ))}
    </Stack>
  );
}

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  /** What to do now. */
  children?: ReactNode;
}

/** That there is nothing, and what to do about it. */
export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <Stack align="center" gap="sm" py="xl" px="md" ta="center">
      {icon}
      <Text fw={600}>{title}</Text>
      {children && (
        <Box c="dimmed" fz="sm" maw={480}>
          {children}
        </Box>
      )}
    </Stack>
  );
}
