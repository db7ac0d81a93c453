import { Alert, Button, CopyButton, Group, Modal, Paper, Radio, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import { TextLink } from "../../parts/links";
import { useOutcome } from "../../parts/notify";
import { ListSkeleton, Page } from "../../parts/page";
import { Time } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import {
  CandidateEraseDocument,
  type CandidateEraseMutation,
  type CandidateErasureCountsFragment,
  CandidateErasurePreviewDocument,
} from "./__generated__/candidate";
import { sameName } from "./same-name";

export type Receipt = NonNullable<CandidateEraseMutation["eraseCandidate"]["receipt"]>;

const countable = [
  "candidates",
  "entries",
  "applications",
  "selectionEvents",
  "routingDecisions",
  "invalidRecords",
  "hiddenApplications",
  "dismissals",
  "merges",
] as const satisfies readonly (keyof CandidateErasureCountsFragment)[];

/** How much an erasure removes, without what there is none of. */
function Counts({ counts }: { counts: CandidateErasureCountsFragment }) {
  const { t, i18n } = useTranslation("candidates");
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <Stack component="dl" gap={4} m={0} maw={420}>
      {countable
        .filter((what) => counts[what] > 0)
        .map((what) => (
          <Group key={what} justify="space-between" gap="md" wrap="nowrap">
            <Text component="dt" size="sm">
              {t(`counts.${what}`)}
            </Text>
            <Text component="dd" size="sm" m={0} className="numbers">
              {number.format(counts[what])}
            </Text>
          </Group>
        ))}
    </Stack>
  );
}

interface EraseDialogProps {
  person: { id: string; name: string };
  close: () => void;
  erased: (receipt: Receipt) => void;
}

/** 応募者の削除: says how much goes, and has the name typed before it goes for good. */
export function EraseDialog({ person, close, erased }: EraseDialogProps) {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  const went = useOutcome();
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState<"REQUEST" | "RETENTION">("REQUEST");
  const [{ data, error, fetching }, again] = useQuery({
    query: CandidateErasurePreviewDocument,
    variables: { id: person.id },
    requestPolicy: "network-only",
  });
  const [erasing, erase] = useMutation(CandidateEraseDocument);
  const counts = data?.previewErasure;
  return (
    <Modal
      opened
      onClose={close}
      title={t("erase.title")}
      size="lg"
      closeButtonProps={{ "aria-label": common("confirm.close") }}
    >
      <form
        onSubmit={async (event) => {
          event.preventDefault();
          const answer = await erase({ id: person.id, reason });
          const said = answer.data?.eraseCandidate;
          if (went(answer.error, said?.errors) && said?.receipt) erased(said.receipt);
        }}
      >
        <Stack gap="md">
          <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t("erase.warn")}>
            <Text size="sm">{t("erase.text")}</Text>
          </Alert>
          {error && !data && <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />}
          {fetching && !counts && <ListSkeleton lines={4} height={24} />}
          {data && !counts && <Text size="sm">{t("erase.gone")}</Text>}
          {counts && (
            <section aria-label={t("erase.counts")}>
              <Text size="sm" fw={600} mb={4}>
                {t("erase.counts")}
              </Text>
              <Counts counts={counts} />
            </section>
          )}
          <Radio.Group
            label={t("erase.reason")}
            value={reason}
            onChange={(chosen) => setReason(chosen === "RETENTION" ? "RETENTION" : "REQUEST")}
          >
            <Group gap="md" mt={4}>
              <Radio value="REQUEST" label={t("erase.reasons.REQUEST")} />
              <Radio value="RETENTION" label={t("erase.reasons.RETENTION")} />
            </Group>
          </Radio.Group>
          <TextInput
            label={t("erase.type", { name: person.name })}
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {common("confirm.cancel")}
            </Button>
            <Button
              type="submit"
              color="red"
              loading={erasing.fetching}
              disabled={!counts || !sameName(typed, person.name)}
            >
              {t("erase.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** That somebody is gone, in numbers. */
export function ErasureReceipt({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  return (
    <Page title={t("receipt.title")} lead={t("receipt.lead")}>
      <Paper withBorder p="md" maw={560}>
        <Stack gap="md">
          <Group gap="xs">
            <Text size="sm">
              {t("receipt.number")}: <code>{receipt.id}</code>
            </Text>
            <CopyButton value={receipt.id}>
              {({ copied, copy }) => (
                <Button size="compact-xs" variant="default" mih={24} onClick={copy}>
                  {copied ? common("copied") : common("copy")}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Text size="sm">
            {t("receipt.at")}: <Time at={receipt.erasedAt} />
          </Text>
          <Text size="sm">
            {t("receipt.reason")}: {t(`erase.reasons.${receipt.reason}`)}
          </Text>
          <Counts counts={receipt.counts} />
        </Stack>
      </Paper>
      <TextLink to="/candidates">{t("receipt.back")}</TextLink>
    </Page>
  );
}
