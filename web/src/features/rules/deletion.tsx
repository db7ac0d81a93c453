import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { done, useOutcome } from "../../parts/notify";
import { useReturnFocus } from "../../parts/return-focus";
import { RulesDeleteDocument, type RulesLineFragment } from "./__generated__/rules";

/** Asks once more before a rule goes, and says what stays. */
export function Deletion({ rule, close }: { rule: RulesLineFragment; close: () => void }) {
  useReturnFocus();
  const { t } = useTranslation("rules");
  const { t: common } = useTranslation();
  const outcome = useOutcome();
  const [deleting, remove] = useMutation(RulesDeleteDocument);

  async function confirm() {
    const { data, error } = await remove({ id: rule.id });
    if (!outcome(error, data?.deleteRoutingRule.errors)) return;
    done(t("deletion.done", { name: rule.positionName }));
    close();
  }

  return (
    <Modal
      opened
      onClose={close}
      title={t("deletion.title")}
      closeButtonProps={{ "aria-label": common("confirm.close") }}
    >
      <Stack gap="sm">
        <Text>
          {t("deletion.text", {
            name: rule.positionName,
            medium: common(`medium.${rule.medium}`),
            opening: rule.opening.name,
          })}
        </Text>
        {rule.matchedCount > 0 && <Text size="sm">{t("deletion.stays", { count: rule.matchedCount })}</Text>}
        <Text size="sm">{t("deletion.later")}</Text>
        <Group justify="flex-end" gap="sm" mt="sm">
          <Button variant="default" onClick={close} data-autofocus>
            {common("confirm.cancel")}
          </Button>
          <Button color="red" loading={deleting.fetching} onClick={confirm}>
            {t("deletion.submit")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
