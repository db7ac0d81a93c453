import { useDebouncedCallback } from "@mantine/hooks";
import { useSubscription } from "urql";
import { CandidateArrivalsDocument, CandidateSelectionDocument } from "./__generated__/candidate";

interface FollowProps {
  /** The openings that the person applied for. */
  openings: readonly string[];
  /** Reads the page anew. */
  reread: () => void;
}

/** Keeps a candidate's page as it is elsewhere: what is decided there of their selections, and what comes in. */
export function Follow({ openings, reread }: FollowProps) {
  // An import tells of itself many times; once at its end will do.
  const rereadSoon = useDebouncedCallback(reread, 500);
  useSubscription({ query: CandidateArrivalsDocument }, (_, event) => {
    rereadSoon();
    return event;
  });
  return [...new Set(openings)].map((openingId) => <FollowOpening key={openingId} openingId={openingId} />);
}

function FollowOpening({ openingId }: { openingId: string }) {
  useSubscription({ query: CandidateSelectionDocument, variables: { openingId } });
  return null;
}
