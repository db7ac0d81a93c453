import { List, SegmentedControl, SimpleGrid, Stack, Text, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useViewer } from "../../graphql/viewer";
import { chooseLanguage, type Language } from "../../i18n";
import { Fact } from "../../parts/fact";
import { Page } from "../../parts/page";
import { Password } from "./password";
import { Preferences } from "./preferences";
import { Section } from "./section";
import { Sessions } from "./sessions";
import { SettingsNav } from "./settings-nav";

/** Who I am, and how I come in, see the console and hear from it. */
export function Account() {
  const { t } = useTranslation("settings");
  return (
    <Page title={t("account.title")} lead={t("account.lead")}>
      <SettingsNav />
      <Stack gap="lg" maw={880}>
        <Myself />
        <Appearance />
        <Preferences />
        <Sessions />
        <Password />
      </Stack>
    </Page>
  );
}

function Myself() {
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  const { member, company, roles, permissions } = useViewer();
  return (
    <Section title={t("account.who")} hint={t("account.rolesBy")}>
      <SimpleGrid component="dl" cols={{ base: 1, xs: 2 }} m={0}>
        <Fact name={t("account.name")}>{member.name}</Fact>
        <Fact name={t("account.email")}>{member.email}</Fact>
        <Fact name={t("account.company")}>{company.name}</Fact>
        <Fact name={t("account.roles")}>{roles.map((role) => common(`role.${role}`)).join(" · ")}</Fact>
      </SimpleGrid>
      <details>
        <Text component="summary" size="sm" c="dimmed" style={{ cursor: "pointer" }}>
          {t("account.may", { count: permissions.length })}
        </Text>
        <List size="sm" spacing={2} mt="xs" withPadding={false}>
          {permissions.map((permission) => (
            <List.Item key={permission}>{t(`permission.${permission}`)}</List.Item>
          ))}
        </List>
      </details>
    </Section>
  );
}

function Appearance() {
  const { t, i18n } = useTranslation();
  const { t: words } = useTranslation("settings");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title={words("appearance.title")} hint={words("appearance.hint")}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Stack gap={4}>
          <Text size="sm" fw={600} id="settings-language">
            {t("language")}
          </Text>
          <SegmentedControl
            fullWidth
            aria-labelledby="settings-language"
            value={i18n.language}
            data={[
              { value: "ja", label: "日本語" },
              { value: "en", label: "English" },
            ]}
            onChange={(language) => chooseLanguage(language as Language)}
          />
        </Stack>
        <Stack gap={4}>
          <Text size="sm" fw={600} id="settings-theme">
            {t("theme.label")}
          </Text>
          <SegmentedControl
            fullWidth
            aria-labelledby="settings-theme"
            value={colorScheme}
            data={(["light", "dark", "auto"] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
            onChange={(scheme) => setColorScheme(scheme as "light" | "dark" | "auto")}
          />
        </Stack>
      </SimpleGrid>
    </Section>
  );
}
