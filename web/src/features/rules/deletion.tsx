import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { done, useOutcome } from "../../parts/notify";
import { RulesDeleteDocument, type RulesLineFragment } from "./__generated__/rules";

/** Asks once more before a rule goes, and says what stays. */
export function Deletion({ rule, close }: { rule: RulesLineFragment | null; close: () => void }) {
  const { t } = useTranslation("rules");
  const { t: common } = useTranslation();
  const outcome = useOutcome();
  const [deleting, remove] = useMutation(RulesDeleteDocument);

  async function confirm(gone: RulesLineFragment) {
    const { data, error } = await remove({ id: gone.id });
    if (!outcome(error, data?.deleteRoutingRule.errors)) return;
    done(t("deletion.done", { name: gone.positionName }));
    close();
  }

  return (
    <Modal
      opened={rule !== null}
      onClose={close}
      title={t("deletion.title")}
      closeButtonProps={{ "aria-label": common("confirm.close") }}
    >
      {rule && (
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
            <Button color="red" loading={deleting.fetching} onClick={() => confirm(rule)}>
              {t("deletion.submit")}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
