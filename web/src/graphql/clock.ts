import { useEffect, useRef, useState } from "react";

let ahead = 0;

/** Remembers how far the server's clock is ahead of the browser's: read between `asked` and now. */
export function setServerTime(serverTime: string, asked: number): void {
  ahead = Date.parse(serverTime) - (asked + Date.now()) / 2;
}

/** The server's clock, in milliseconds. */
export function serverNow(): number {
  return Date.now() + ahead;
}

/** The server's clock, once every `interval` milliseconds. */
export function useServerNow(interval = 1_000): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return now;
}

/** Calls `over` once the server's clock is past an instant: what the API said until then is to be read anew. */
export function useOver(until: string | null, over: () => void): void {
  const latest = useRef(over);
  latest.current = over;
  useEffect(() => {
    if (!until) return;
    const timer = setTimeout(() => latest.current(), Math.max(0, Date.parse(until) - serverNow()) + 1_000);
    return () => clearTimeout(timer);
  }, [until]);
}
