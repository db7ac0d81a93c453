import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { done, useOutcome } from "../../parts/notify";
import { LinkStopDocument } from "./__generated__/link";

interface StopDialogProps {
  account: { id: string; email: string };
  opened: boolean;
  close: () => void;
}

/** 停止する: says what stays and what goes, and asks once more. */
export function StopDialog({ account, opened, close }: StopDialogProps) {
  const { t } = useTranslation(["link", "common"]);
  const outcome = useOutcome();
  const [{ fetching }, stop] = useMutation(LinkStopDocument);
  const confirm = async () => {
    const { data, error } = await stop({ id: account.id });
    if (outcome(error, data?.stopAccount.errors)) done(t("stopped"));
    close();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("stopDialog.title")}
      closeButtonProps={{ "aria-label": t("common:confirm.close") }}
    >
      <Stack>
        <Text size="sm">{t("stopDialog.lead", { email: account.email })}</Text>
        <Consequences
          title={t("stopDialog.stays")}
          icon={<IconCheck size={16} color="var(--mantine-color-teal-light-color)" aria-hidden />}
          items={[t("stopDialog.rules"), t("stopDialog.entries"), t("stopDialog.history")]}
        />
        <Consequences
          title={t("stopDialog.goes")}
          icon={<IconX size={16} color="var(--mantine-color-red-light-color)" aria-hidden />}
          items={[t("stopDialog.password"), t("stopDialog.running")]}
        />
        <Text size="sm" c="dimmed">
          {t("stopDialog.again")}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            {t("common:confirm.cancel")}
          </Button>
          <Button color="red" loading={fetching} onClick={() => void confirm()}>
            {t("stopDialog.confirm")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Consequences({ title, icon, items }: { title: string; icon: React.ReactNode; items: string[] }) {
  const id = useId();
  return (
    <div>
      <Text size="sm" fw={600} id={id} mb={4}>
        {title}
      </Text>
      <List size="sm" icon={icon} spacing={4} aria-labelledby={id}>
        {items.map((item) => (
          <List.Item key={item}>{item}</List.Item>
        ))}
      </List>
    </div>
  );
}
