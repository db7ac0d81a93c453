import { Alert, Button, CopyButton, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useReturnFocus } from "../../parts/return-focus";

interface ShownOnceProps {
  title: string;
  hint: string;
  /** What the secret is called. */
  label: string;
  secret: string;
  children?: ReactNode;
  close: () => void;
}

/** Something that opens doors, shown this once. It does not close by a click beside it. */
export function ShownOnce({ title, hint, label, secret, children, close }: ShownOnceProps) {
  useReturnFocus();
  const { t } = useTranslation();
  const { t: words } = useTranslation("settings");
  return (
    <Modal
      opened
      size="lg"
      title={title}
      onClose={close}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("confirm.close") }}
    >
      <Stack>
        <Text size="sm">{hint}</Text>
        <CopyButton value={secret} timeout={4_000}>
          {({ copied, copy }) => (
            <Group align="flex-end" gap="xs">
              <TextInput
                label={label}
                value={secret}
                readOnly
                flex="1 1 260px"
                ff="monospace"
                onFocus={(event) => event.currentTarget.select()}
              />
              <Button
                onClick={copy}
                leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
              >
                <span aria-live="polite">{copied ? t("copied") : t("copy")}</span>
              </Button>
            </Group>
          )}
        </CopyButton>
        <Alert color="orange" variant="light">
          {words("once.warning")}
        </Alert>
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("confirm.close")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
