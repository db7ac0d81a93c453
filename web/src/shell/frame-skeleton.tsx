import { AppShell, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ListSkeleton } from "../parts/page";
import classes from "./frame.module.css";
import { frameProps } from "./frame-size";

const places = [120, 150, 96, 72, 128, 112, 96, 136, 88, 64];

/** The frame, until it is known who sees it. */
export function FrameSkeleton() {
  const { t } = useTranslation();
  return (
    <AppShell {...frameProps}>
      <AppShell.Header>
        <Group h="100%" px="md">
          <span className={classes.brand}>
            <img src="/icon.svg" alt="" width={28} height={28} />
            <Text component="span" fw={700}>
              {t("name")}
            </Text>
          </span>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-hidden>
        <Stack gap={24} p="md" pt="lg">
          {places.map((width, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they stay where they are
            <Skeleton key={i} height={16} width={width} radius="sm" />
          ))}
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main>
        <Stack gap="lg">
          <Skeleton height={34} width={200} radius="sm" />
          <ListSkeleton />
        </Stack>
      </AppShell.Main>
    </AppShell>
  );
}
