import { Alert, Button, Center, Paper, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { signIn } from "./session";

/** The only page for somebody who has not signed in. */
export function SignIn() {
  const { t } = useTranslation();
  const [trouble, setTrouble] = useState<string | null>(null);
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "", password: "" } });
  const submit = form.onSubmit(async ({ email, password }) => {
    setTrouble(null);
    const result = await signIn(email, password);
    if (result.ok) location.assign("/");
    else setTrouble(result.message ?? t("signIn.unreachable"));
  });
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p="xl" radius="md" w={400} maw="100%">
        <form onSubmit={submit}>
          <Stack>
            <Title order={1} size="h3">
              {t("signIn.title")}
            </Title>
            {trouble && (
              <Alert role="alert" color="red">
                {trouble}
              </Alert>
            )}
            <TextInput
              type="email"
              autoComplete="username"
              required
              label={t("signIn.email")}
              key={form.key("email")}
              {...form.getInputProps("email")}
            />
            <PasswordInput
              autoComplete="current-password"
              required
              label={t("signIn.password")}
              key={form.key("password")}
              {...form.getInputProps("password")}
            />
            <Button type="submit" loading={form.submitting}>
              {t("signIn.submit")}
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
