import { Button, Group, Modal, Stack } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useReturnFocus } from "../../parts/return-focus";

interface SureProps {
  title: string;
  children: ReactNode;
  /** What the button says that does it. */
  action: string;
  /** Whether it takes something away for good. */
  grave?: boolean;
  doIt: () => Promise<void>;
  close: () => void;
}

/** Asks whether somebody means it, and says what it will do. */
export function Sure({ title, children, action, grave = false, doIt, close }: SureProps) {
  useReturnFocus();
  const { t } = useTranslation();
  const [doing, setDoing] = useState(false);
  const go = async () => {
    setDoing(true);
    await doIt();
    close();
  };
  return (
    <Modal opened title={title} onClose={close} closeButtonProps={{ "aria-label": t("confirm.close") }}>
      <Stack>
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {t("confirm.cancel")}
          </Button>
          <Button loading={doing} onClick={go} {...(grave ? { color: "red.9" } : {})}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
