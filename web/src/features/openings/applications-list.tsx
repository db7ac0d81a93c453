import { Checkbox, Table, Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useKept } from "../../graphql/kept";
import { usePaged } from "../../graphql/paged";
import { TextLink } from "../../parts/links";
import { More } from "../../parts/more";
import { Empty, ListSkeleton } from "../../parts/page";
import { Time } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import { OpeningsApplicationsDocument, type SelectionOutcome } from "./__generated__/opening";
import type { Card } from "./arrange";
import { useDays } from "./card";
import { type Opened, useOrder } from "./order";
import { Outcome } from "./outcome";

interface ApplicationsListProps {
  openingId: string;
  stepId: string | undefined;
  outcome: SelectionOutcome;
  search: string | undefined;
  picked: ReadonlyMap<string, Card>;
  pick: (cards: readonly Card[], picked: boolean) => void;
  opened: Opened;
  /** Is told the cards as they stand. */
  told: (cards: readonly Card[]) => void;
}

/** An opening's applications line by line: for large ones. */
export function ApplicationsList({
  openingId,
  stepId,
  outcome,
  search,
  picked,
  pick,
  opened,
  told,
}: ApplicationsListProps) {
  const { t } = useTranslation("openings");
  const days = useDays();
  const list = usePaged(
    OpeningsApplicationsDocument,
    { openingId, stepId: stepId ?? null, outcome, search: search ?? null, first: 50 },
    (data) => data.applications,
  );
  const { shown, old } = useKept(list);
  const { nodes, total, empty, hasNextPage } = shown;
  const { loading, error, next, again } = list;
  useEffect(() => told(nodes), [nodes, told]);
  useOrder(opened, nodes);
  if (error && empty) return <Trouble error={error} again={again} />;
  if (empty) return <ListSkeleton />;
  if (nodes.length === 0) return <Empty title={t("list.empty")}>{t("list.emptyHint")}</Empty>;
  return (
    <>
      <Table.ScrollContainer minWidth={640} type="native" aria-busy={old} data-old={old || undefined}>
        <Table verticalSpacing="xs" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={40}>
                <Checkbox
                  aria-label={t("list.pickAll")}
                  checked={nodes.every((card) => picked.has(card.id))}
                  disabled={old}
                  onChange={(event) => pick(nodes, event.currentTarget.checked)}
                />
              </Table.Th>
              <Table.Th>{t("list.name")}</Table.Th>
              <Table.Th>{t("list.step")}</Table.Th>
              <Table.Th>{t("list.days")}</Table.Th>
              <Table.Th>{t("appliedAt")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {nodes.map((card) => (
              <Table.Tr key={card.id}>
                <Table.Td>
                  <Checkbox
                    aria-label={t("card.pick", { name: card.candidate.name })}
                    checked={picked.has(card.id)}
                    disabled={old}
                    onChange={(event) => pick([card], event.currentTarget.checked)}
                  />
                </Table.Td>
                <Table.Td>
                  <TextLink
                    to="/openings/$openingId"
                    params={{ openingId }}
                    search={(before) => ({ ...before, application: card.id })}
                    resetScroll={false}
                    size="sm"
                    fw={600}
                  >
                    {card.candidate.name}
                  </TextLink>
                  <Text size="xs" c="dimmed" lineClamp={1}>
                    {card.candidate.currentPosition}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {card.step.name} {card.outcome !== "IN_PROGRESS" && <Outcome outcome={card.outcome} />}
                </Table.Td>
                <Table.Td>{days(card)}</Table.Td>
                <Table.Td>
                  <Time at={card.appliedAt} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <More
        shown={nodes.length}
        total={total}
        hasNextPage={hasNextPage}
        loading={loading}
        error={error}
        next={next}
        again={again}
      />
    </>
  );
}
