import { useDraggable } from "@dnd-kit/react";
import { ActionIcon, Badge, Checkbox, Group, Menu, Paper, Stack, Text } from "@mantine/core";
import { IconArrowsExchange } from "@tabler/icons-react";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { serverNow } from "../../graphql/clock";
import { TextLink } from "../../parts/links";
import { type BoardStep, type Card, since } from "./arrange";
import classes from "./board.module.css";
import type { Opened } from "./order";

/** What a dragged card carries along. */
export interface CardData {
  card: Card;
  [key: string]: unknown;
}

export interface CardActions {
  steps: readonly BoardStep[];
  move: (card: Card, step: BoardStep, byKey: boolean) => void;
  picked: ReadonlyMap<string, Card>;
  pick: (card: Card, picked: boolean) => void;
  opened: Opened;
}

/** How long an application has stood on its step, in words. */
export function useDays(): (card: Card) => string {
  const { t } = useTranslation("openings");
  return (card) => {
    const days = Math.floor((serverNow() - Date.parse(since(card))) / 86_400_000);
    return days > 0 ? t("card.days", { count: days }) : t("card.today");
  };
}

/** One application on the board, at a step where it may be before the server knows. */
export function BoardCard({
  card,
  at,
  steps,
  move,
  picked,
  pick,
}: Omit<CardActions, "opened"> & { card: Card; at: string }) {
  const { t } = useTranslation("openings");
  const days = useDays();
  const { candidate } = card;
  const movable = card.availableActions.some((each) => each.action === "MOVE" && each.enabled);
  const { ref, isDragging } = useDraggable<CardData>({ id: card.id, disabled: !movable, data: { card } });
  const place = steps.findIndex((each) => each.id === at);
  const byKey = (event: KeyboardEvent) => {
    if (!event.altKey || !movable || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    event.preventDefault();
    const to = steps[place + (event.key === "ArrowRight" ? 1 : -1)];
    if (to) move(card, to, true);
  };
  return (
    <Paper
      ref={ref}
      component="li"
      withBorder
      p="xs"
      className={classes.card ?? ""}
      data-dragging={isDragging || undefined}
      data-picked={picked.has(card.id) || undefined}
      onKeyDown={byKey}
    >
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Checkbox
          mt={2}
          aria-label={t("card.pick", { name: candidate.name })}
          checked={picked.has(card.id)}
          onChange={(event) => pick(card, event.currentTarget.checked)}
        />
        <Stack gap={2} flex={1} miw={0}>
          <TextLink
            to="/openings/$openingId"
            params={{ openingId: card.opening.id }}
            search={(before) => ({ ...before, application: card.id })}
            resetScroll={false}
            draggable={false}
            fw={600}
            size="sm"
            data-application={card.id}
            aria-keyshortcuts={movable ? "Alt+ArrowLeft Alt+ArrowRight" : undefined}
          >
            {candidate.name}
          </TextLink>
          {candidate.currentPosition && (
            <Text size="xs" lineClamp={2}>
              {candidate.currentPosition}
            </Text>
          )}
          <Group gap={6} mt={2}>
            <Text size="xs" c="dimmed" className="numbers">
              {days(card)}
            </Text>
            {card.duplicates.length > 0 && (
              <Badge variant="default" size="sm" tt="none" fw={500}>
                {t("card.others", { count: card.duplicates.length })}
              </Badge>
            )}
          </Group>
        </Stack>
        {movable && (
          <Menu position="bottom-end" withinPortal shadow="md">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={t("card.move", { name: candidate.name })}>
                <IconArrowsExchange size={16} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>{t("move.step")}</Menu.Label>
              {steps.map((each) => (
                <Menu.Item key={each.id} disabled={each.id === at} onClick={() => move(card, each, true)}>
                  {each.name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
    </Paper>
  );
}
