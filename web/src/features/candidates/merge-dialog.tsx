import { Alert, Button, Group, List, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import { useOutcome } from "../../parts/notify";
import { ListSkeleton } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import {
  DuplicateMergeDocument,
  type DuplicateMergeMutation,
  DuplicateMergePreviewDocument,
  type DuplicateMergePreviewQuery,
} from "./__generated__/duplicates";
import { Comparison } from "./comparison";

export type Merge = NonNullable<DuplicateMergeMutation["mergeCandidates"]["merge"]>;
type Preview = NonNullable<DuplicateMergePreviewQuery["previewMerge"]>;

interface MergeDialogProps {
  /** Who stands for both, unless a person decides otherwise. */
  one: string;
  other: string;
  close: () => void;
  merged: (merge: Merge) => void;
}

/** 統合: what it would come to, who is to stand for both, and then the doing. */
export function MergeDialog({ one, other, close, merged }: MergeDialogProps) {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  const went = useOutcome();
  const [intoId, setInto] = useState(one);
  const fromId = intoId === one ? other : one;
  const [{ data, error, fetching }, again] = useQuery({
    query: DuplicateMergePreviewDocument,
    variables: { intoId, fromId },
    requestPolicy: "cache-and-network",
  });
  const [merging, merge] = useMutation(DuplicateMergeDocument);
  const preview = data?.previewMerge;
  const current = preview?.into.id === intoId ? preview : null;
  const lookAgain = () => again({ requestPolicy: "network-only" });

  const submit = async () => {
    if (!current) return;
    const answer = await merge({
      intoId,
      fromId,
      expectedRevisions: { into: current.into.revision, from: current.from.revision },
    });
    const said = answer.data?.mergeCandidates;
    if (went(answer.error, said?.errors) && said?.merge) return merged(said.merge);
    lookAgain();
  };

  return (
    <Modal
      opened
      onClose={close}
      title={t("merge.title")}
      size="xl"
      closeButtonProps={{ "aria-label": common("confirm.close") }}
    >
      <Stack gap="md">
        <Text size="sm">{t("merge.lead")}</Text>
        {error && !data && <Trouble error={error} again={lookAgain} />}
        {!preview && fetching && <ListSkeleton lines={8} height={40} />}
        {data && !preview && !fetching && <Alert color="orange">{t("merge.gone")}</Alert>}
        {preview && (
          <>
            <Radio.Group
              label={t("merge.stands")}
              description={t("merge.standsHint")}
              value={intoId}
              onChange={setInto}
            >
              <Stack gap="xs" mt="xs">
                {inOrder(preview, one).map((person) => (
                  <Radio
                    key={person.id}
                    value={person.id}
                    label={person.name}
                    description={[person.currentPosition, common(`medium.${person.medium}`)]
                      .filter(Boolean)
                      .join(" · ")}
                  />
                ))}
              </Stack>
            </Radio.Group>
            <Comparison people={inOrder(preview, one)} />
            <Would preview={preview} />
          </>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            {common("confirm.cancel")}
          </Button>
          <Button onClick={submit} loading={merging.fetching} disabled={!current?.allowed}>
            {t("merge.submit")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function inOrder({ into, from }: Preview, first: string): [Preview["into"], Preview["into"]] {
  return into.id === first ? [into, from] : [from, into];
}

function Would({ preview }: { preview: Preview }) {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  const lines = [
    [t("merge.email"), preview.email ?? common("none")],
    [t("merge.phone"), preview.phone ?? common("none")],
    [t("merge.applications"), t("merge.count", { count: preview.applicationCount })],
    [t("merge.entries"), t("merge.count", { count: preview.entryCount })],
  ] as const;
  return (
    <>
      <section aria-label={t("merge.would")}>
        <Text size="sm" fw={600}>
          {t("merge.would")}
        </Text>
        <List size="sm">
          {lines.map(([name, value]) => (
            <List.Item key={name}>
              {name}: {value}
            </List.Item>
          ))}
        </List>
      </section>
      {preview.sameOpenings.length > 0 && (
        <Alert color="orange" variant="light" title={t("merge.same")}>
          <Text size="sm">{t("merge.sameText")}</Text>
          <List size="sm">
            {preview.sameOpenings.map(({ opening, applications }) => (
              <List.Item key={opening.id}>
                {opening.name} ({applications.map(({ step }) => step.name).join(" / ")})
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {preview.errors.map((each) => (
        <Alert key={each.message} color="red" variant="light">
          {each.message}
        </Alert>
      ))}
    </>
  );
}
