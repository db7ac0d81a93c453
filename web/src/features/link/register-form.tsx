import {
  Alert,
  Anchor,
  type AnchorProps,
  Button,
  Group,
  List,
  PasswordInput,
  Radio,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconAlertTriangle, IconExternalLink } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { serverNow } from "../../graphql/clock";
import { done, errorOf, useOutcome } from "../../parts/notify";
import { LinkRegisterDocument, type LinkStatus } from "./__generated__/link";

interface RegisterFormProps {
  /** The account to be registered again; none for a new one. */
  again?: { email: string; status: LinkStatus };
  /** Whether what is to be looked at first stands above: then the fields begin at once. */
  cautioned?: boolean;
  registered: () => void;
  cancel?: () => void;
}

/** The fields that the server may blame, and what they are called here. */
const fields = { email: "email", password: "password", importFrom: "from" } as const;

const lookBacks = [7, 14, 30] as const;
const day = 86_400_000;

// What is said of a field stands below it: it may come and go without moving what one types into.
const order: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

/** The instant from which to import: null leaves it to the server. */
export function importFrom(choice: string, now: number): string | null {
  const days = Number(choice);
  return days > 0 ? new Date(now - days * day).toISOString() : null;
}

/** アカウント認証開始: the caution, and the login on Wantedly. */
export function RegisterForm({ again, cautioned = false, registered, cancel }: RegisterFormProps) {
  const { t } = useTranslation(["link", "common"]);
  const outcome = useOutcome();
  const [, register] = useMutation(LinkRegisterDocument);
  const filled = (value: string) => (value.trim() === "" ? t("form.required") : null);
  const form = useForm({
    initialValues: { email: again?.email ?? "", password: "", from: "" },
    validate: { email: filled, password: (value) => (value === "" ? t("form.required") : null) },
  });
  // A stopped account begins anew; one that failed goes on where it was to begin.
  const failed = again && again.status !== "UNLINKED";
  const other = again && form.values.email.trim().toLowerCase() !== again.email.toLowerCase();
  const submit = form.onSubmit(async ({ email, password, from }) => {
    const { data, error } = await register({
      input: { medium: "WANTEDLY", email, password, importFrom: importFrom(from, serverNow()) },
    });
    const errors = data?.registerAccount.errors ?? [];
    for (const [blamed, field] of Object.entries(fields)) form.setFieldError(field, errorOf(errors, "input", blamed));
    const others = errors.filter((e) => !Object.keys(fields).some((field) => e.field?.join(".") === `input.${field}`));
    if (!outcome(error, others) || errors.length > 0) return;
    form.setFieldValue("password", "");
    done(t("verifying"));
    registered();
  });
  return (
    <form onSubmit={submit} noValidate aria-label={again ? t("form.again") : t("form.title")}>
      <Stack gap="md" maw={560}>
        {!cautioned && <Caution />}
        <TextInput
          type="email"
          required
          autoComplete="off"
          inputWrapperOrder={order}
          label={t("form.email")}
          description={other ? t("form.emailOther", { email: again.email }) : !cautioned && t("form.emailHint")}
          {...form.getInputProps("email")}
        />
        <PasswordInput
          required
          autoComplete="new-password"
          maxLength={1024}
          inputWrapperOrder={order}
          label={t("form.password")}
          description={t("form.passwordHint")}
          {...form.getInputProps("password")}
        />
        <Radio.Group label={t("form.from")} description={t("form.fromHint")} {...form.getInputProps("from")}>
          <Group gap="lg" mt="xs">
            <Radio value="" label={failed && !other ? t("form.fromBefore") : t("form.fromNow")} />
            {lookBacks.map((days) => (
              <Radio key={days} value={String(days)} label={t("form.fromDays", { count: days })} />
            ))}
          </Group>
        </Radio.Group>
        <Group gap="xs">
          <Button type="submit" loading={form.submitting}>
            {t("form.submit")}
          </Button>
          {cancel && (
            <Button variant="default" onClick={cancel}>
              {t("common:confirm.cancel")}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** What goes wrong most often, before it does. */
function Caution() {
  const { t } = useTranslation("link");
  return (
    <Alert color="orange" variant="light" title={t("form.caution")} icon={<IconAlertTriangle aria-hidden />}>
      <List type="ordered" size="sm" spacing={4}>
        <List.Item>{t("form.cautionSignIn")}</List.Item>
        <List.Item>{t("form.cautionSee")}</List.Item>
      </List>
      <Text size="sm" mt="xs">
        {t("form.cautionWhy")}
      </Text>
      <OpenWantedly mt="xs" display="inline-block" />
    </Alert>
  );
}

/** The way to where the login can be tried. */
export function OpenWantedly(props: AnchorProps) {
  const { t } = useTranslation("link");
  return (
    <Anchor href="https://www.wantedly.com/" target="_blank" rel="noreferrer" size="sm" {...props}>
      {t("form.open")} <IconExternalLink size={14} aria-hidden />
    </Anchor>
  );
}
