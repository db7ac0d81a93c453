import { useEffect } from "react";
import type { Card } from "./arrange";

/** The application that is open beside the board or the list, and the order in which it was come upon there. */
export interface Opened {
  application: string | undefined;
  order: readonly string[];
  setOrder: (order: readonly string[]) => void;
}

/**
 * Notes who stands beside the open application where it is shown. That holds while one goes from one to the next, even
 * where a decision takes them elsewhere.
 */
export function useOrder({ application, order, setOrder }: Opened, cards: readonly Card[]): void {
  useEffect(() => {
    if (!application || order.includes(application)) return;
    if (cards.some((card) => card.id === application)) setOrder(cards.map((card) => card.id));
  }, [application, order, setOrder, cards]);
}
