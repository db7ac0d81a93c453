import { Button, Menu, SegmentedControl, Stack, Text, useMantineColorScheme } from "@mantine/core";
import { IconChevronDown, IconLogout, IconUser } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useViewer } from "../graphql/viewer";
import { chooseLanguage, type Language } from "../i18n";
import { signOut } from "./session";

/** Who is signed in, how the console looks to them, and the way out. */
export function PersonMenu() {
  const { t, i18n } = useTranslation();
  const viewer = useViewer();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={260} closeOnItemClick={false}>
      <Menu.Target>
        <Button variant="subtle" color="gray" rightSection={<IconChevronDown size={16} aria-hidden />}>
          {viewer.member.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Stack gap={2} px="sm" py="xs">
          <Text size="sm" fw={600}>
            {viewer.company.name}
          </Text>
          <Text size="xs" c="dimmed">
            {viewer.roles.map((role) => t(`role.${role}`)).join(" · ")}
          </Text>
        </Stack>
        <Menu.Divider />
        <Menu.Label>{t("language")}</Menu.Label>
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
        <Menu.Label>{t("theme.label")}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t("theme.label")}
          value={colorScheme}
          data={(["light", "dark", "auto"] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
          onChange={(scheme) => setColorScheme(scheme as "light" | "dark" | "auto")}
        />
        <Menu.Divider />
        <Menu.Item component={Link} to="/settings" leftSection={<IconUser size={16} aria-hidden />}>
          {t("nav.profile")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          {t("signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
