import type { DeliveryShownFragment } from "./__generated__/deliveries";

const soon = 20_000;

/** Whether a delivery may change at any moment: it is being tried, or is about to be. */
export function isMoving(state: DeliveryShownFragment["state"], nextAt: string | null, now: number): boolean {
  return state === "PENDING" || (state === "FAILED" && nextAt !== null && Date.parse(nextAt) - now < soon);
}
