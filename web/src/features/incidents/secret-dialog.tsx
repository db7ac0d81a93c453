import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Text, TextInput, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useReturnFocus } from "../../parts/return-focus";
import { verification } from "./verification";

/** A webhook's secret, which the API shows once. */
export interface ShownSecret {
  name: string;
  text: string;
  /** Whether there was one before. */
  rotated: boolean;
}

/** Shows a secret the one time that it can be shown, and how it is used. */
export function SecretDialog({ secret, close }: { secret: ShownSecret; close: () => void }) {
  useReturnFocus();
  const { t } = useTranslation("incidents");
  const { t: shared } = useTranslation();
  return (
    <Modal
      opened
      size="lg"
      onClose={close}
      // Nobody loses it by a click beside it.
      closeOnClickOutside={false}
      title={`${t("secret.title")} · ${secret.name}`}
      closeButtonProps={{ "aria-label": shared("confirm.close") }}
    >
      <Stack>
        <Alert color="orange" variant="light" role="note">
          {t("secret.once")} {secret.rotated && t("secret.rotated")}
        </Alert>
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <TextInput
            flex={1}
            readOnly
            label={t("secret.label")}
            value={secret.text}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton value={secret.text}>
            {({ copied, copy }) => (
              <Button variant={copied ? "light" : "default"} onClick={copy}>
                {shared(copied ? "copied" : "copy")}
              </Button>
            )}
          </CopyButton>
        </Group>
        <Stack gap="xs">
          <Title order={3} size="h6">
            {t("secret.verify")}
          </Title>
          <Text size="sm">{t("secret.verifyHow")}</Text>
          <Code block tabIndex={0} role="region" aria-label={t("secret.example")}>
            {verification}
          </Code>
        </Stack>
        <Group justify="flex-end">
          <Button onClick={close}>{t("secret.close")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
