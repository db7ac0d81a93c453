import {
  Alert,
  Anchor,
  Button,
  Center,
  Divider,
  Group,
  Modal,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { addTexts, chooseLanguage, type Language, languages } from "../i18n";
import { settings } from "../settings";
import { askProvider, type Provider, type Refusal, signIn, wantedPlace } from "./session";
import { en } from "./sign-in.en";
import { ja } from "./sign-in.ja";

addTexts("signIn", { ja, en });

const names: Record<Language, string> = { ja: "日本語", en: "English" };

/** The only page for somebody who has not signed in. */
export function SignIn() {
  const { t: common } = useTranslation();
  const { t, i18n } = useTranslation("signIn");
  useEffect(() => {
    document.title = `${t("title")} · ${common("name")}`;
  }, [t, common]);
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w={400} maw="100%" gap="md">
        <Stack gap={4} align="center" ta="center">
          <Group gap="sm">
            <img src="/icon.svg" alt="" width={36} height={36} />
            <Text fw={700} size="xl">
              {common("name")}
            </Text>
          </Group>
          <Text size="sm" c="dimmed">
            {t("what")}
          </Text>
        </Stack>
        <Paper withBorder p={{ base: "md", xs: "xl" }} radius="md">
          <Stack>
            <Title order={1} size="h3">
              {t("title")}
            </Title>
            <Ways email="" entered={() => location.assign(wantedPlace(location))} />
          </Stack>
        </Paper>
        <Group justify="center" gap="lg" role="group" aria-label={common("language")}>
          {languages.map((language) => (
            <Anchor
              key={language}
              component="button"
              type="button"
              size="sm"
              lang={language}
              mih={24}
              aria-pressed={i18n.language === language}
              underline={i18n.language === language ? "always" : "hover"}
              onClick={() => chooseLanguage(language)}
            >
              {names[language]}
            </Anchor>
          ))}
        </Group>
      </Stack>
    </Center>
  );
}

interface SignInAgainProps {
  /** Whose page lies beneath. */
  email: string;
  goOn: () => void;
}

/** The session is over: a dialog over the page, which goes on as it was when the same person signs in. */
export function SignInAgain({ email, goOn }: SignInAgainProps) {
  const { t } = useTranslation("signIn");
  // The page is not for anybody else.
  const entered = (as: string) => (sameAddress(as, email) ? goOn() : location.reload());
  return (
    <Modal
      opened
      title={t("title")}
      zIndex={above}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      onClose={() => {}}
      // Whoever finds the machine without a session is not to read on about candidates.
      overlayProps={{ color: "var(--mantine-color-body)", backgroundOpacity: 1 }}
    >
      <Stack>
        <Ways email={email} ended entered={entered} />
      </Stack>
    </Modal>
  );
}

// Higher than other dialogs, which may be open.
const above = 350;

const sameAddress = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase();

interface WaysProps {
  email: string;
  /** Whether there was a session, which has ended. */
  ended?: boolean;
  /** Told as whom somebody came in. */
  entered: (email: string) => void;
}

/** The ways to come in. */
function Ways({ email, ended = false, entered }: WaysProps) {
  const { t } = useTranslation("signIn");
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [trying, setTrying] = useState(false);
  const form = useForm({ mode: "uncontrolled", initialValues: { email, password: "" } });
  const enter = async (as: string, password: string) => {
    setTrying(true);
    setRefusal(null);
    const refused = await signIn(as, password);
    if (!refused) return entered(as);
    setRefusal(refused);
    setTrying(false);
  };
  const { demo } = settings;
  return (
    <>
      {ended && !refusal && <Alert variant="light">{t("ended")}</Alert>}
      {refusal && <Refused refusal={refusal} />}
      <form onSubmit={form.onSubmit((values) => enter(values.email, values.password))}>
        <Stack>
          <TextInput
            type="email"
            autoComplete="username"
            required
            label={t("email")}
            key={form.key("email")}
            {...form.getInputProps("email")}
          />
          <PasswordInput
            autoComplete="current-password"
            visibilityToggleButtonProps={{ "aria-label": t("eye") }}
            required
            {...(ended ? { "data-autofocus": true } : {})}
            label={t("password")}
            key={form.key("password")}
            {...form.getInputProps("password")}
          />
          <Button type="submit" loading={trying}>
            {t("submit")}
          </Button>
        </Stack>
      </form>
      <ProviderLink />
      {demo && (
        <Other hint={t("demoHint")}>
          <Button variant="default" fullWidth loading={trying} onClick={() => enter(demo.email, demo.password)}>
            {t("demo")}
          </Button>
        </Other>
      )}
      <Text size="xs" c="dimmed">
        {t("forgotten")}
      </Text>
    </>
  );
}

function Refused({ refusal }: { refusal: Refusal }) {
  const { t, i18n } = useTranslation("signIn");
  const time = (at: Date) => new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" }).format(at);
  return (
    <Alert role="alert" color="red">
      {refusal.errors[0]?.message ?? t("unreachable")}
      {refusal.after && <Text inherit>{t("later", { time: time(refusal.after) })}</Text>}
    </Alert>
  );
}

function Other({ hint, children }: { hint?: string; children: ReactNode }) {
  const { t } = useTranslation("signIn");
  return (
    <Stack gap="xs">
      <Divider label={t("or")} />
      {children}
      {hint && (
        <Text size="xs" c="dimmed" ta="center">
          {hint}
        </Text>
      )}
    </Stack>
  );
}

function ProviderLink() {
  const { t } = useTranslation("signIn");
  const [provider, setProvider] = useState<Provider | null>(null);
  useEffect(() => {
    void askProvider().then(setProvider);
  }, []);
  if (!provider) return null;
  const back = new URLSearchParams({ returnTo: wantedPlace(location) });
  return (
    <Other>
      <Button component="a" href={`${provider.start}?${back}`} variant="default" fullWidth>
        {t("provider", { issuer: new URL(provider.issuer).host })}
      </Button>
    </Other>
  );
}
