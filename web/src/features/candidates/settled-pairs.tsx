import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { TextLink } from "../../parts/links";
import type { DuplicatesListQuery } from "./__generated__/duplicates";
import type { Merge } from "./merge-dialog";

/** What was decided of a pair on this page. */
export type Settled =
  | { kind: "merged"; merge: Merge }
  | { kind: "dismissed"; pair: DuplicatesListQuery["possibleDuplicates"]["nodes"][number] };

interface SettledPairsProps {
  settled: readonly Settled[];
  undo: (one: Settled) => Promise<void>;
}

/** What was just decided, each with a way back. */
export function SettledPairs({ settled, undo }: SettledPairsProps) {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  if (settled.length === 0) return null;
  return (
    <Alert variant="light" color="teal" role="status" title={t("pairs.settled")}>
      <Stack gap="xs">
        {settled.map((one) => (
          <Group
            key={one.kind === "merged" ? one.merge.id : `${one.pair.candidate.id} ${one.pair.other.id}`}
            justify="space-between"
            gap="xs"
          >
            <Text size="sm">
              {one.kind === "merged"
                ? t("pairs.merged", { from: one.merge.from.name, into: one.merge.into.name })
                : t("pairs.dismissed", { one: one.pair.candidate.name, other: one.pair.other.name })}
            </Text>
            <Group gap="md">
              {one.kind === "merged" && (
                <TextLink to="/candidates/$candidateId" params={{ candidateId: one.merge.into.id }} size="sm">
                  {t("pairs.open", { name: one.merge.into.name })}
                </TextLink>
              )}
              <Button size="compact-sm" variant="default" onClick={() => void undo(one)}>
                {common("undo")}
              </Button>
            </Group>
          </Group>
        ))}
      </Stack>
    </Alert>
  );
}
