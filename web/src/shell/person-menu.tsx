import { Button, Divider, NavLink, Popover, SegmentedControl, Stack, Text, useMantineColorScheme } from "@mantine/core";
import { IconChevronDown, IconLogout, IconUser } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useViewer } from "../graphql/viewer";
import { chooseLanguage, type Language } from "../i18n";
import { signOut } from "./session";

/** Who is signed in, how the console looks to them, and the way out; open when it comes. */
export function PersonMenu() {
  const { t, i18n } = useTranslation();
  const viewer = useViewer();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [opened, setOpened] = useState(true);
  return (
    <Popover position="bottom-end" width={260} trapFocus returnFocus opened={opened} onChange={setOpened}>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          rightSection={<IconChevronDown size={16} aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {viewer.member.name}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={viewer.member.name} p="xs">
        <Stack gap="xs">
          <Stack gap={2} px="xs">
            <Text size="sm" fw={600}>
              {viewer.company.name}
            </Text>
            <Text size="xs" c="dimmed">
              {viewer.roles.map((role) => t(`role.${role}`)).join(" · ")}
            </Text>
          </Stack>
          <Divider />
          <Text size="xs" c="dimmed" px="xs">
            {t("language")}
          </Text>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={t("language")}
            value={i18n.language}
            data={[
              { value: "ja", label: "日本語" },
              { value: "en", label: "English" },
            ]}
            onChange={(language) => chooseLanguage(language as Language)}
          />
          <Text size="xs" c="dimmed" px="xs">
            {t("theme.label")}
          </Text>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={t("theme.label")}
            value={colorScheme}
            data={(["light", "dark", "auto"] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
            onChange={(scheme) => setColorScheme(scheme as "light" | "dark" | "auto")}
          />
          <Divider />
          <NavLink
            component={Link}
            to="/settings"
            label={t("nav.profile")}
            leftSection={<IconUser size={16} aria-hidden />}
            onClick={() => setOpened(false)}
          />
          <NavLink
            component="button"
            label={t("signOut")}
            leftSection={<IconLogout size={16} aria-hidden />}
            onClick={() => void signOut()}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
