/** The colour of how a selection stands. That somebody was not taken on is no alarm: it is no red. */
export const outcomeColors = {
  IN_PROGRESS: "cyan",
  JOINED: "teal",
  REJECTED: "gray",
  WITHDRAWN: "gray",
  CLOSED_AS_DUPLICATE: "gray",
  ROUTING_UNDONE: "gray",
} as const;
