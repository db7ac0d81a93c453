import { Alert, Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useViewer } from "../../graphql/viewer";
import { done } from "../../parts/notify";
import { changePassword, type Refusal } from "../../shell/session";
import { Section } from "./section";

/** Changes the viewer's password. */
export function Password() {
  const { t, i18n } = useTranslation("settings");
  const viewer = useViewer();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { current: "", next: "", again: "" },
    validate: { again: (again, { next }) => (again === next ? null : t("password.differ")) },
  });
  const submit = form.onSubmit(async ({ current, next }) => {
    setRefusal(null);
    const refused = await changePassword(current, next);
    if (!refused) {
      form.reset();
      done(t("password.done"));
      return;
    }
    const of = (name: string) => refused.errors.find((e) => e.field?.join() === name)?.message;
    const wrong = { current: of("current"), next: of("new") };
    if (wrong.current || wrong.next) form.setErrors(wrong);
    else setRefusal(refused);
  });
  const time = (at: Date) => new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" }).format(at);
  return (
    <Section title={t("password.title")} hint={t("password.hint")}>
      <form onSubmit={submit}>
        <Stack maw={400}>
          {refusal && (
            <Alert role="alert" color="red">
              {refusal.errors[0]?.message ?? t("password.unreachable")}
              {refusal.after && <Text inherit>{t("password.later", { time: time(refusal.after) })}</Text>}
            </Alert>
          )}
          {/* So that a password manager knows whose password it is. */}
          <input type="email" autoComplete="username" value={viewer.member.email} readOnly hidden />
          <PasswordInput
            autoComplete="current-password"
            required
            visibilityToggleButtonProps={{ "aria-label": t("password.eye") }}
            label={t("password.current")}
            key={form.key("current")}
            {...form.getInputProps("current")}
          />
          <PasswordInput
            autoComplete="new-password"
            required
            visibilityToggleButtonProps={{ "aria-label": t("password.eye") }}
            label={t("password.next")}
            description={t("password.nextHint")}
            key={form.key("next")}
            {...form.getInputProps("next")}
          />
          <PasswordInput
            autoComplete="new-password"
            required
            visibilityToggleButtonProps={{ "aria-label": t("password.eye") }}
            label={t("password.again")}
            key={form.key("again")}
            {...form.getInputProps("again")}
          />
          <Button type="submit" loading={form.submitting} style={{ alignSelf: "flex-start" }}>
            {t("password.submit")}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
