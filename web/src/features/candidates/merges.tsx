import { Accordion, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useClient, useMutation } from "urql";
import { useOver, useServerNow } from "../../graphql/clock";
import { ActionButton } from "../../parts/action-button";
import { done, useOutcome } from "../../parts/notify";
import { Time } from "../../parts/time";
import {
  type CandidateMergedFragment,
  CandidatePageDocument,
  type CandidatePageQuery,
} from "./__generated__/candidate";
import { DuplicateUndoMergeDocument } from "./__generated__/duplicates";
import { Applications } from "./applications";
import { ContactLines } from "./contact";
import { Profile } from "./profile";

export type Person = Extract<NonNullable<CandidatePageQuery["node"]>, { __typename: "Candidate" }>;

/** 統合の履歴: what was merged and parted again, and those for whom a person stands. */
export function Merges({ person }: { person: Person }) {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  return (
    <Stack gap="md">
      <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: "none" }}>
        {person.merges.map((merge) => (
          <Line key={merge.id} merge={merge} personId={person.id} />
        ))}
      </Stack>
      {person.mergedFrom.length > 0 && (
        <div>
          <Title order={3} size="h6" c="dimmed" mb={6}>
            {t("merges.from")}
          </Title>
          <Accordion variant="contained" order={4}>
            {person.mergedFrom.map((from) => (
              <Accordion.Item key={from.id} value={from.id}>
                <Accordion.Control>
                  {from.name}
                  <Text size="xs" c="dimmed">
                    {[from.currentPosition, common(`medium.${from.medium}`)].filter(Boolean).join(" · ")}
                  </Text>
                </Accordion.Control>
                <Accordion.Panel>
                  <Stack gap="md">
                    <ContactLines person={from} />
                    <div>
                      <Title order={5} size="h6" c="dimmed">
                        {t("merges.own")}
                      </Title>
                      {from.applications.length > 0 ? (
                        <Applications candidateId={person.id} applications={from.applications} />
                      ) : (
                        <Text size="sm">{t("merges.noOwn")}</Text>
                      )}
                    </div>
                    <Profile person={from} level={5} />
                  </Stack>
                </Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        </div>
      )}
    </Stack>
  );
}

/** Takes a merge back. */
export function useUndoMerge(): [fetching: boolean, undo: (mergeId: string) => Promise<boolean>] {
  const { t } = useTranslation("candidates");
  const went = useOutcome();
  const [{ fetching }, undo] = useMutation(DuplicateUndoMergeDocument);
  return [
    fetching,
    async (id) => {
      const { data, error } = await undo({ id });
      const parted = went(error, data?.undoMerge.errors);
      if (parted) done(t("merges.undoneDone"));
      return parted;
    },
  ];
}

function Line({ merge, personId }: { merge: CandidateMergedFragment; personId: string }) {
  const { t } = useTranslation("candidates");
  const now = useServerNow(5_000);
  const [undoing, undo] = useUndoMerge();
  const client = useClient();
  const way = merge.availableActions.find((each) => each.action === "UNDO" && each.enabled);
  useOver(way?.until ?? null, () => {
    void client.query(CandidatePageDocument, { id: personId }, { requestPolicy: "network-only" }).toPromise();
  });
  return (
    <Stack component="li" gap={4}>
      <Text size="sm">{t("merges.merged", { from: merge.from.name, into: merge.into.name })}</Text>
      <Text size="xs" c="dimmed">
        {merge.by && t("merges.by", { name: merge.by.name })} <Time at={merge.at} />
      </Text>
      {merge.undoneAt && (
        <Text size="xs" c="dimmed">
          {t("merges.undone")}: {merge.undoneBy && t("merges.by", { name: merge.undoneBy.name })}{" "}
          <Time at={merge.undoneAt} />
        </Text>
      )}
      {way && (
        <Group gap="xs">
          <ActionButton
            state={way}
            size="compact-sm"
            variant="default"
            loading={undoing}
            onClick={() => void undo(merge.id)}
          >
            {t("merges.undo")}
          </ActionButton>
          <Text size="xs" c="dimmed">
            {t("merges.left", { count: Math.max(1, Math.ceil((Date.parse(way.until) - now) / 60_000)) })}
          </Text>
        </Group>
      )}
    </Stack>
  );
}
