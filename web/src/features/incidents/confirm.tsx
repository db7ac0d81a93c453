import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useReturnFocus } from "../../parts/return-focus";

interface ConfirmProps {
  title: string;
  /** What it changes, and what stays. */
  what: string;
  confirm: string;
  color?: string;
  busy: boolean;
  go: () => Promise<void>;
  close: () => void;
}

/** Asks before something is done that cannot be undone. */
export function Confirm({ title, what, confirm, color, busy, go, close }: ConfirmProps) {
  useReturnFocus();
  const { t } = useTranslation();
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ "aria-label": t("confirm.close") }}>
      <Stack>
        <Text size="sm">{what}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("confirm.cancel")}
          </Button>
          <Button {...(color ? { color } : {})} loading={busy} onClick={() => void go()}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
