import { useDebouncedValue } from "@mantine/hooks";
import type { CombinedError } from "@urql/core";
import { useMemo } from "react";
import { useQuery } from "urql";
import { RulesPreviewDocument, type RulesPreviewQuery, type RulesPreviewQueryVariables } from "./__generated__/preview";

export type Preview = RulesPreviewQuery["previewRoutingRule"];

interface Previewed {
  /** The latest answer; while another is awaited, the one before it. Null where nothing can be asked yet. */
  preview: Preview | null;
  /** Whether the answer is to what is entered now. */
  current: boolean;
  error: CombinedError | undefined;
}

/** Asks what saving a rule would do, a moment after it was last changed. */
export function usePreview(rule: RulesPreviewQueryVariables | null): Previewed {
  const entered = rule ? JSON.stringify(rule) : "";
  const [asked] = useDebouncedValue(entered, 250);
  const variables = useMemo(() => (asked ? (JSON.parse(asked) as RulesPreviewQueryVariables) : null), [asked]);
  const [{ data, error, fetching, stale, operation }] = useQuery({
    query: RulesPreviewDocument,
    variables: variables ?? { medium: "OTHER", positionName: "", openingId: "" },
    pause: !variables,
    requestPolicy: "cache-and-network",
  });
  const answersThis = JSON.stringify(operation?.variables) === entered;
  return {
    preview: entered ? (data?.previewRoutingRule ?? null) : null,
    current: entered !== "" && answersThis && !fetching && !stale,
    error: answersThis ? error : undefined,
  };
}
