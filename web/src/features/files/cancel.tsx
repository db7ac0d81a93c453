import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { ActionButton, type ActionState } from "../../parts/action-button";
import { done, useOutcome } from "../../parts/notify";
import { FilesCancelDocument } from "./__generated__/files";

/** Ends the import of a file, once it is clear what stays. */
export function Cancel({ id, state }: { id: string; state: ActionState | undefined }) {
  const { t } = useTranslation("files");
  const { t: common } = useTranslation();
  const [opened, { open, close }] = useDisclosure();
  const outcome = useOutcome();
  const [{ fetching }, cancel] = useMutation(FilesCancelDocument);
  const go = async () => {
    const { data, error } = await cancel({ id });
    if (outcome(error, data?.cancelApplicantFile.errors)) done(t("cancel.done"));
    close();
  };
  return (
    <>
      <ActionButton state={state} variant="default" onClick={open}>
        {t("cancel.ask")}
      </ActionButton>
      <Modal
        opened={opened}
        onClose={close}
        title={t("cancel.title")}
        closeButtonProps={{ "aria-label": common("confirm.close") }}
      >
        <Stack>
          <Text size="sm">{t("cancel.what")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {common("confirm.close")}
            </Button>
            <Button color="red" loading={fetching} onClick={() => void go()}>
              {t("cancel.yes")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
