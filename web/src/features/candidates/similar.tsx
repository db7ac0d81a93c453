import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { useKeptFocus } from "../../parts/kept-focus";
import { TextLink } from "../../parts/links";
import { done, useOutcome } from "../../parts/notify";
import { Time } from "../../parts/time";
import type { CandidatePossibleDuplicateFragment } from "./__generated__/candidate";
import { DuplicateDismissDocument, DuplicateRestoreDocument } from "./__generated__/duplicates";
import { MergeDialog } from "./merge-dialog";
import { Reasons } from "./reasons";

interface SimilarProps {
  candidateId: string;
  people: readonly CandidatePossibleDuplicateFragment[];
  /** The two are one by now: who stands for both. */
  merged: (candidateId: string) => void;
}

/** よく似た応募者: who may be the same person, 別人 and 統合. */
export function Similar({ candidateId, people, merged }: SimilarProps) {
  const { t } = useTranslation("candidates");
  const [other, setOther] = useState<string | null>(null);
  if (people.length === 0) return <Text size="sm">{t("similar.none")}</Text>;
  return (
    <>
      <Stack gap="md" component="ul" p={0} m={0} style={{ listStyle: "none" }}>
        {people.map((one) => (
          <Person key={one.candidate.id} candidateId={candidateId} one={one} merge={() => setOther(one.candidate.id)} />
        ))}
      </Stack>
      {other && (
        <MergeDialog
          one={candidateId}
          other={other}
          close={() => setOther(null)}
          merged={(merge) => {
            done(t("merge.done"));
            setOther(null);
            merged(merge.into.id);
          }}
        />
      )}
    </>
  );
}

interface PersonProps {
  candidateId: string;
  one: CandidatePossibleDuplicateFragment;
  merge: () => void;
}

function Person({ candidateId, one, merge }: PersonProps) {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  const went = useOutcome();
  const [dismissing, dismiss] = useMutation(DuplicateDismissDocument);
  const [restoring, restore] = useMutation(DuplicateRestoreDocument);
  const { id, name, currentPosition, medium, importedAt } = one.candidate;
  const focus = useKeptFocus<HTMLAnchorElement>();
  return (
    <Stack component="li" gap={6} {...focus.within}>
      <div>
        <TextLink ref={focus.place} to="/candidates/$candidateId" params={{ candidateId: id }} fw={600} size="sm">
          {name}
        </TextLink>
        <Text size="xs" c="dimmed">
          {[currentPosition, common(`medium.${medium}`)].filter(Boolean).join(" · ")} · <Time at={importedAt} ago />
        </Text>
      </div>
      <Reasons certainty={one.certainty} reasons={one.reasons} />
      {one.dismissed ? (
        <Group gap="xs" justify="space-between">
          <Text size="xs" c="dimmed">
            {one.dismissedBy
              ? t("similar.dismissed", { name: one.dismissedBy.name })
              : t("similar.dismissedBySomebody")}
            {one.dismissedAt && (
              <>
                {" "}
                <Time at={one.dismissedAt} ago />
              </>
            )}
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            loading={restoring.fetching}
            aria-label={t("similar.restoreOf", { name })}
            onClick={async () => {
              const { data, error } = await restore({ candidateId, otherId: id });
              if (went(error, data?.restoreDuplicate.errors)) done(t("similar.restored"));
            }}
          >
            {t("similar.restore")}
          </Button>
        </Group>
      ) : (
        <Group gap="xs">
          <Button size="compact-sm" onClick={merge} aria-label={t("similar.mergeOf", { name })}>
            {t("similar.merge")}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            loading={dismissing.fetching}
            aria-label={t("similar.dismissOf", { name })}
            onClick={async () => {
              const { data, error } = await dismiss({ candidateId, otherId: id });
              if (went(error, data?.dismissDuplicate.errors)) done(t("similar.dismissedDone"));
            }}
          >
            {t("similar.dismiss")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
