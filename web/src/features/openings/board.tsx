import { AutoScroller, Cursor, Feedback, PointerSensor, PreventSelection, StyleInjector } from "@dnd-kit/dom";
import { DragDropProvider } from "@dnd-kit/react";
import { Box, Modal, VisuallyHidden } from "@mantine/core";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useQuery } from "urql";
import { ListSkeleton } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import { OpeningsBoardDocument, type SelectionOutcome } from "./__generated__/opening";
import { arrange, type BoardStep, type Card, type Moving } from "./arrange";
import classes from "./board.module.css";
import type { CardData } from "./card";
import { type Read, useChange } from "./change";
import { BoardColumn } from "./column";
import { ConflictNotice } from "./conflict";
import type { Opened } from "./order";
import { StepJumper } from "./step-jumper";

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
// What dnd-kit says to screen readers is English; the board speaks for itself.
const plugins = [AutoScroller, Cursor, Feedback, PreventSelection, StyleInjector.configure({ nonce })];
const sensors = [PointerSensor];

interface BoardProps {
  openingId: string;
  outcome: SelectionOutcome;
  picked: ReadonlyMap<string, Card>;
  pick: (cards: readonly Card[], picked: boolean) => void;
  opened: Opened;
  /** Is told the cards as they stand. */
  told: (cards: readonly Card[]) => void;
  /** What reads the board anew, for whoever learns that it has changed. */
  reread: RefObject<() => Promise<unknown>>;
}

/** An opening's applications by step, to be dragged from one to the other, or moved by keys. */
export function Board({ openingId, outcome, picked, pick, opened, told, reread }: BoardProps) {
  const { t } = useTranslation("openings");
  const client = useClient();
  const [{ data, error }, again] = useQuery({
    query: OpeningsBoardDocument,
    variables: { id: openingId, outcome },
    requestPolicy: "cache-and-network",
  });
  const [moving, setMoving] = useState<Moving>(new Map());
  const [announced, setAnnounced] = useState("");
  const focus = useRef<string | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const queue = useRef(new Map<string, Promise<Read | null>>());
  const { run, busy, conflict, giveUp } = useChange(setAnnounced);
  const read = useCallback(
    () =>
      client.query(OpeningsBoardDocument, { id: openingId, outcome }, { requestPolicy: "network-only" }).toPromise(),
    [client, openingId, outcome],
  );
  useEffect(() => {
    reread.current = read;
  }, [reread, read]);
  useEffect(() => {
    if (!focus.current) return;
    document.querySelector<HTMLElement>(`[data-application="${focus.current}"]`)?.focus();
    focus.current = null;
  });

  const board = data?.node && "board" in data.node ? data.node.board : undefined;
  useEffect(() => {
    for (const each of board ?? []) told(each.applications.nodes);
  }, [board, told]);

  const belongs = (card: Card) => card.outcome === outcome && card.opening.id === openingId;
  // Of several moves of one card, each waits for the one before it, and for the revision that it makes.
  const move = (card: Card, step: BoardStep, byKey: boolean) => {
    if ((moving.get(card.id)?.stepId ?? card.step.id) === step.id) return;
    if (byKey) focus.current = card.id;
    setMoving((before) => new Map([...before, [card.id, { card, stepId: step.id }]]));
    const mine = (queue.current.get(card.id) ?? Promise.resolve<Read | null>(card)).then(
      (as) => as && run(as, { kind: "move", stepId: step.id }),
    );
    queue.current.set(card.id, mine);
    const last = () => queue.current.get(card.id) === mine;
    void mine.then(async (moved) => {
      if (moved && last()) await read();
      if (!last()) return;
      queue.current.delete(card.id);
      setMoving((before) => new Map([...before].filter(([id]) => id !== card.id)));
    });
  };

  if (error && !data) return <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />;
  if (!board) return <ListSkeleton lines={5} height={88} />;
  const columns = arrange(board, moving, belongs);
  const steps = board.map((column) => column.step);
  return (
    <>
      <VisuallyHidden role="status">{announced}</VisuallyHidden>
      <DragDropProvider
        plugins={plugins}
        sensors={sensors}
        onDragEnd={({ operation: { source, target }, canceled }) => {
          const step = steps.find((each) => each.id === target?.id);
          if (!canceled && source && step) move((source.data as CardData).card, step, false);
        }}
      >
        <StepJumper columns={columns} board={area} />
        <Box ref={area} className={classes.board ?? ""} role="region" aria-label={t("board")} tabIndex={0}>
          {columns.map((column) => (
            <BoardColumn
              key={column.step.id}
              column={column}
              openingId={openingId}
              outcome={outcome}
              moving={moving}
              belongs={belongs}
              steps={steps}
              move={move}
              picked={picked}
              pick={(card, on) => pick([card], on)}
              pickAll={pick}
              opened={opened}
            />
          ))}
        </Box>
      </DragDropProvider>
      <Modal
        opened={conflict !== null}
        onClose={giveUp}
        title={t("conflict.heading")}
        closeButtonProps={{ "aria-label": t("conflict.giveUp") }}
      >
        {conflict && (
          <ConflictNotice
            conflict={conflict}
            busy={busy}
            goOn={() => void run(conflict.application, conflict.change).then(read)}
            giveUp={giveUp}
          />
        )}
      </Modal>
    </>
  );
}
