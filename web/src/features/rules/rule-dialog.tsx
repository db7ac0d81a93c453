import { Modal, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { ListSkeleton } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import { RulesOneDocument, type RulesSavedFragment } from "./__generated__/rules";
import { fieldsOf, type RuleFields, RuleForm } from "./form";

interface RuleDialogProps {
  opened: boolean;
  /** The rule to edit; null for a new one. */
  ruleId: string | null;
  initial: RuleFields;
  saved: (saved: RulesSavedFragment) => void;
  edit: (ruleId: string) => void;
  close: () => void;
}

/** 振り分けルールの登録, and the same for a rule that there is. */
export function RuleDialog({ opened, ruleId, initial, saved, edit, close }: RuleDialogProps) {
  const { t } = useTranslation("rules");
  const { t: common } = useTranslation();
  const phone = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={ruleId ? t("form.editTitle") : t("form.title")}
      closeButtonProps={{ "aria-label": common("confirm.close") }}
      size={860}
      fullScreen={phone}
    >
      {ruleId ? (
        <Existing key={ruleId} ruleId={ruleId} saved={saved} edit={edit} close={close} />
      ) : (
        <RuleForm rule={null} initial={initial} saved={saved} edit={edit} cancel={close} readAgain={() => {}} />
      )}
    </Modal>
  );
}

function Existing({
  ruleId,
  saved,
  edit,
  close,
}: { ruleId: string } & Pick<RuleDialogProps, "saved" | "edit" | "close">) {
  const { t } = useTranslation("rules");
  const [{ data, error }, again] = useQuery({
    query: RulesOneDocument,
    variables: { id: ruleId },
    requestPolicy: "cache-and-network",
  });
  const readAgain = () => again({ requestPolicy: "network-only" });
  if (error && !data) return <Trouble error={error} again={readAgain} />;
  if (!data) return <ListSkeleton lines={4} height={60} />;
  const { node } = data;
  if (!node || !("positionName" in node)) return <Text>{t("form.gone")}</Text>;
  return (
    <RuleForm rule={node} initial={fieldsOf(node)} saved={saved} edit={edit} cancel={close} readAgain={readAgain} />
  );
}
