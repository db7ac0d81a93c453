import { useDroppable } from "@dnd-kit/react";
import { Badge, Box, Checkbox, Group, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePaged } from "../../graphql/paged";
import { useKeptFocus } from "../../parts/kept-focus";
import { MoreButton } from "../../parts/more";
import { Trouble } from "../../parts/trouble";
import {
  OpeningsApplicationsDocument,
  type OpeningsCardFragment,
  type SelectionOutcome,
} from "./__generated__/opening";
import { type Card, type Column, type Moving, within } from "./arrange";
import classes from "./board.module.css";
import { BoardCard, type CardActions } from "./card";
import { useOrder } from "./order";

interface ColumnProps extends CardActions {
  column: Column;
  openingId: string;
  outcome: SelectionOutcome;
  moving: Moving;
  belongs: (card: Card) => boolean;
  pickAll: (cards: readonly Card[], picked: boolean) => void;
}

/** A step, and who stands there. */
export function BoardColumn(props: ColumnProps) {
  const { t, i18n } = useTranslation("openings");
  const { column, picked, pickAll } = props;
  const { step, count, cards } = column;
  const [long, setLong] = useState(false);
  const { ref, isDropTarget } = useDroppable({ id: step.id });
  const number = new Intl.NumberFormat(i18n.language).format(count);
  const all = cards.length > 0 && cards.every((card) => picked.has(card.id));
  return (
    <Box
      component="section"
      ref={ref}
      className={classes.column ?? ""}
      data-step={step.id}
      data-over={isDropTarget || undefined}
      aria-label={t("column.label", { step: step.name, count })}
    >
      <Group justify="space-between" wrap="nowrap" p="xs" pb={4} mih={40}>
        <Group gap="xs" wrap="nowrap" miw={0}>
          <Checkbox
            aria-label={t("column.pickAll", { step: step.name })}
            disabled={cards.length === 0}
            checked={all}
            indeterminate={!all && cards.some((card) => picked.has(card.id))}
            onChange={(event) => pickAll(cards, event.currentTarget.checked)}
          />
          <Title order={2} size="h6">
            {step.name}
          </Title>
        </Group>
        <Badge variant="default" className="numbers" style={{ flexShrink: 0 }}>
          {number}
        </Badge>
      </Group>
      {long ? (
        <LongColumn {...props} />
      ) : (
        <>
          <Cards {...props} cards={cards} />
          {column.hasNextPage && (
            <Box p="xs" pt={0}>
              <MoreButton fullWidth size="xs" loading={false} next={() => setLong(true)}>
                {t("column.more", { step: step.name })}
              </MoreButton>
            </Box>
          )}
        </>
      )}
    </Box>
  );
}

function Cards({ cards, column, ...actions }: CardActions & { column: Column; cards: readonly Card[] }) {
  const { t } = useTranslation("openings");
  useOrder(actions.opened, cards);
  if (cards.length === 0)
    return (
      <Text size="xs" c="dimmed" ta="center" p="md" mih={96}>
        {t("column.empty")}
      </Text>
    );
  const { steps, move, picked, pick } = actions;
  return (
    <ul className={classes.cards}>
      {cards.map((card) => (
        <BoardCard
          key={card.id}
          card={card}
          at={column.step.id}
          steps={steps}
          move={move}
          picked={picked}
          pick={pick}
        />
      ))}
    </ul>
  );
}

/** A column of which more was asked for: it reads pages of its own. */
function LongColumn(props: ColumnProps) {
  const { t } = useTranslation("openings");
  const { column, openingId, outcome, moving, belongs } = props;
  const list = usePaged(
    OpeningsApplicationsDocument,
    { openingId, stepId: column.step.id, outcome, first: 100 },
    (data) => data.applications,
  );
  const cards: readonly OpeningsCardFragment[] = list.empty ? column.cards : list.nodes;
  const focus = useKeptFocus<HTMLDivElement>();
  return (
    <Box {...focus.within}>
      <Box ref={focus.place} tabIndex={-1}>
        <Cards {...props} cards={within(cards, column.step.id, moving, belongs)} />
      </Box>
      {list.error && (
        <Box p="xs" pt={0}>
          <Trouble error={list.error} again={list.again} />
        </Box>
      )}
      {(list.empty ? column.hasNextPage : list.hasNextPage) && (
        <Box p="xs" pt={0}>
          <MoreButton fullWidth size="xs" loading={list.loading} next={list.next} autoFocus>
            {t("column.more", { step: column.step.name })}
          </MoreButton>
        </Box>
      )}
    </Box>
  );
}
