import { useThrottledValue } from "@mantine/hooks";
import { useEffect, useRef } from "react";

/** Reads a list again when a number that it grows with has changed since it was first read; every two seconds at most. */
export function useAgain(grown: number, again: () => void): void {
  const settled = useThrottledValue(grown, 2_000);
  const read = useRef(settled);
  useEffect(() => {
    if (settled === read.current) return;
    read.current = settled;
    again();
  }, [settled, again]);
}
