import { Button, Checkbox, Group, Radio, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { Trouble } from "../../parts/trouble";
import { type ClosingReason, OpeningsClosingReasonsDocument, type SelectionOutcome } from "./__generated__/application";

const endings = ["REJECTED", "WITHDRAWN", "JOINED", "CLOSED_AS_DUPLICATE"] as const;
const mostReasons = 3;

interface EndFormProps {
  busy: boolean;
  submit: (ending: { outcome: SelectionOutcome; reasons: ClosingReason[]; note?: string }) => void;
  cancel: () => void;
}

/** How a selection ends, why, and a note. */
export function EndForm({ busy, submit, cancel }: EndFormProps) {
  const { t } = useTranslation("openings");
  const { t: common } = useTranslation();
  const [outcome, setOutcome] = useState<SelectionOutcome>("REJECTED");
  const [reasons, setReasons] = useState<ClosingReason[]>([]);
  const [note, setNote] = useState("");
  const [{ data, error }, again] = useQuery({ query: OpeningsClosingReasonsDocument, variables: { outcome } });
  const offered = data?.closingReasons ?? [];
  const fitting = reasons.filter((reason) => offered.some((each) => each.reason === reason));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit({ outcome, reasons: fitting, ...(note.trim() ? { note } : {}) });
      }}
    >
      <Stack gap="md">
        <Radio.Group
          label={t("end.outcome")}
          value={outcome}
          onChange={(chosen) => {
            const found = endings.find((each) => each === chosen);
            if (found) setOutcome(found);
          }}
        >
          <Group gap="md" mt="xs">
            {endings.map((each) => (
              <Radio key={each} value={each} label={t(`outcome.${each}`)} />
            ))}
          </Group>
        </Radio.Group>
        {error && <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />}
        {offered.length > 0 && (
          <Checkbox.Group
            label={t("end.reasons")}
            description={t("end.reasonsHint", { count: mostReasons })}
            value={fitting}
            onChange={(chosen) =>
              setReasons(offered.map((each) => each.reason).filter((each) => chosen.includes(each)))
            }
          >
            <Group gap="sm" mt="xs">
              {offered.map((each) => (
                <Checkbox
                  key={each.reason}
                  value={each.reason}
                  label={each.name}
                  disabled={fitting.length >= mostReasons && !fitting.includes(each.reason)}
                />
              ))}
            </Group>
          </Checkbox.Group>
        )}
        <Textarea
          label={t("note")}
          autosize
          minRows={2}
          maxLength={5_000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group gap="xs">
          <Button type="submit" loading={busy}>
            {t("end.submit")}
          </Button>
          <Button variant="default" onClick={cancel}>
            {common("confirm.cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
