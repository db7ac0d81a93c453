import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { CombinedError } from "@urql/core";
import { useTranslation } from "react-i18next";
import { settings } from "../settings";

/** What is wrong, for a person: what the network and the server say of it. */
export function useTrouble(): (error: CombinedError) => { message: string; reference: string | null } {
  const { t } = useTranslation();
  return (error) => {
    const first = error.graphQLErrors[0];
    if (!first) return { message: t("trouble.network"), reference: null };
    const reference = first.extensions.requestId ?? first.extensions.traceId;
    const message = (() => {
      switch (first.extensions.code) {
        case "FORBIDDEN":
          return t("trouble.forbidden");
        case "UNAVAILABLE":
          return t("trouble.unavailable");
        case "RATE_LIMITED":
          return t("trouble.rateLimited");
        case "INTERNAL":
          return t("trouble.internal");
        default:
          return first.message;
      }
    })();
    return { message, reference: typeof reference === "string" ? reference : null };
  };
}

/** An address to write to, with the number that support finds the matter by where it takes a subject. */
export function supportAt(address: string, subject: string | null): string {
  if (!subject || !address.startsWith("mailto:")) return address;
  return `${address}${address.includes("?") ? "&" : "?"}subject=${encodeURIComponent(subject)}`;
}

/** Where to write when nobody here can mend it; nothing where the operator set no address. */
export function SupportLink({ reference = null }: { reference?: string | null }) {
  const { t } = useTranslation();
  if (!settings.support) return null;
  const subject = reference && `${t("name")}: ${t("trouble.reference", { reference })}`;
  return (
    <Anchor href={supportAt(settings.support, subject)} target="_blank" rel="noreferrer" size="sm">
      {t("support")}
    </Anchor>
  );
}

/** That a page's data could not be had, and a way to try again. */
export function Trouble({ error, again }: { error: CombinedError; again?: () => void }) {
  const { t } = useTranslation();
  const { message, reference } = useTrouble()(error);
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t("trouble.title")}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{message}</Text>
        {reference && (
          <Group gap="sm">
            <Text size="xs">{t("trouble.reference", { reference })}</Text>
            <SupportLink reference={reference} />
          </Group>
        )}
        {again && (
          <Button size="xs" variant="default" onClick={again}>
            {t("retry")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
