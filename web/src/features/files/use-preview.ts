import type { CombinedError } from "@urql/core";
import { useEffect, useRef, useState } from "react";
import { useClient } from "urql";
import { FilesPreviewDocument, type FilesPreviewQuery, type FilesPreviewQueryVariables } from "./__generated__/files";

export type Preview = FilesPreviewQuery["previewApplicantFile"];

interface Previewed {
  preview: Preview | undefined;
  error: CombinedError | undefined;
  /** What is shown is of what was asked for before. */
  reading: boolean;
  again: () => void;
}

/** What would come of a file. One upload of a member is read at a time, so what is asked for meanwhile waits its turn. */
export function usePreview(asked: FilesPreviewQueryVariables | null): Previewed {
  const client = useClient();
  const [shown, setShown] = useState<{ preview?: Preview; error?: CombinedError }>({});
  const [reading, setReading] = useState(false);
  const wanted = useRef(asked);
  const busy = useRef(false);
  const key = asked && JSON.stringify([asked.medium, asked.mapping, asked.defaultPositionName]);
  const file = asked?.file;
  const read = async () => {
    if (busy.current) return;
    busy.current = true;
    setReading(true);
    for (let last: FilesPreviewQueryVariables | null = null; wanted.current && wanted.current !== last; ) {
      last = wanted.current;
      const { data, error } = await client
        .query(FilesPreviewDocument, last, { requestPolicy: "network-only" })
        .toPromise();
      if (wanted.current === last)
        setShown({ ...(data && { preview: data.previewApplicantFile }), ...(error && { error }) });
    }
    busy.current = false;
    setReading(false);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key and the file are all of what is asked for
  useEffect(() => {
    wanted.current = asked;
    if (asked) void read();
  }, [key, file]);
  return { preview: shown.preview, error: shown.error, reading, again: () => void read() };
}
