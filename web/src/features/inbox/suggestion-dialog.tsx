import { Alert, Button, Group, List, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import { Fact } from "../../parts/fact";
import { useOutcome } from "../../parts/notify";
import { Trouble } from "../../parts/trouble";
import type { InboxPositionFragment } from "./__generated__/inbox";
import {
  InboxCreateRuleDocument,
  InboxRenameRuleDocument,
  InboxRuleNowDocument,
  InboxRulePreviewDocument,
} from "./__generated__/suggestion";
import { useDone } from "./undo";

export type Suggestion = InboxPositionFragment["suggestions"][number];

interface SuggestionDialogProps {
  position: InboxPositionFragment;
  suggestion: Suggestion;
  close: () => void;
}

/** Asks whether a suggestion is to become a rule, and says what that does. */
export function SuggestionDialog({ position, suggestion, close }: SuggestionDialogProps) {
  const { t } = useTranslation(["inbox", "common"]);
  const outcome = useOutcome();
  const say = useDone();
  const renamed = suggestion.kind === "RENAMED_POSTING" ? suggestion.rule : null;
  const { medium, positionName } = position;
  const input = { medium, positionName, openingId: suggestion.opening.id };
  const [{ data, error }, again] = useQuery({
    query: InboxRulePreviewDocument,
    variables: { ...input, ruleId: renamed?.id ?? null },
    requestPolicy: "cache-and-network",
  });
  const [{ data: read }, readAgain] = useQuery({
    query: InboxRuleNowDocument,
    variables: { id: renamed?.id ?? "" },
    pause: !renamed,
    requestPolicy: "network-only",
  });
  const [changed, setChanged] = useState(false);
  const [created, create] = useMutation(InboxCreateRuleDocument);
  const [updated, update] = useMutation(InboxRenameRuleDocument);

  const preview = data?.previewRoutingRule;
  const now = read?.node && "revision" in read.node ? read.node : null;
  const count = preview?.wouldRoute ?? 0;
  const names = preview?.entries.map(({ candidate }) => candidate.name) ?? [];
  const listed = names.join(t("rule.comma"));
  const ready = preview && preview.errors.length === 0 && (!renamed || now);

  async function save() {
    const result = renamed
      ? await update({ id: renamed.id, input, expectedRevision: now?.revision ?? renamed.revision })
      : await create({ input });
    const saved =
      result.data &&
      ("updateRoutingRule" in result.data ? result.data.updateRoutingRule : result.data.createRoutingRule);
    if (saved?.errors.some(({ code }) => code === "REVISION_CONFLICT")) {
      readAgain({ requestPolicy: "network-only" });
      again({ requestPolicy: "network-only" });
      setChanged(true);
      return;
    }
    if (!outcome(result.error, saved?.errors) || !saved) return;
    say(t("rule.saved", { count: saved.routedCount }), saved.action);
    close();
  }

  return (
    <Modal
      opened
      onClose={close}
      title={renamed ? t("rule.rename") : t("rule.create")}
      closeButtonProps={{ "aria-label": t("common:confirm.close") }}
    >
      <Stack>
        <Stack component="dl" gap="xs" m={0}>
          <Fact name={t("rule.medium")}>{t(`common:medium.${medium}`)}</Fact>
          {renamed && <Fact name={t("rule.was")}>{now?.positionName ?? suggestion.fromName}</Fact>}
          <Fact name={renamed ? t("rule.becomes") : t("rule.position")}>{positionName}</Fact>
          <Fact name={t("rule.opening")}>{suggestion.opening.name}</Fact>
        </Stack>
        <Text size="sm" c="dimmed">
          {suggestion.reason}
        </Text>
        {changed && now && (
          <Alert role="alert" color="orange" variant="light">
            {t("rule.changed", { position: now.positionName, opening: now.opening.name })}
          </Alert>
        )}
        {error && <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />}
        {!preview && !error && <Skeleton height={48} />}
        {preview && (
          <Stack gap={4} aria-live="polite">
            {preview.errors.map(({ message }) => (
              <Text key={message} size="sm" c="error">
                {message}
              </Text>
            ))}
            {preview.conflictsWith && (
              <Text size="sm">{t("rule.conflict", { opening: preview.conflictsWith.opening.name })}</Text>
            )}
            <Text fw={600}>{t("rule.wouldRoute", { count })}</Text>
            <Text size="sm" c="dimmed">
              {names.length < count ? t("rule.among", { names: listed }) : listed}
            </Text>
            {preview.nearNames.length > 0 && (
              <>
                <Text size="sm">{t("rule.near")}</Text>
                <List size="sm">
                  {preview.nearNames.slice(0, 3).map((near) => (
                    <List.Item key={near.positionName}>
                      {near.positionName} ({t("people", { count: near.count })})
                    </List.Item>
                  ))}
                </List>
              </>
            )}
          </Stack>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("common:confirm.cancel")}
          </Button>
          <Button onClick={save} disabled={!ready} loading={created.fetching || updated.fetching} data-autofocus>
            {t(renamed ? "rule.submitRename" : "rule.submitCreate", { count })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
