/** 求人媒体, in the order in which they are offered. */
export const media = [
  "WANTEDLY",
  "RIKUNABI_NEXT",
  "DODA",
  "GREEN",
  "EN_TENSHOKU",
  "MYNAVI_TENSHOKU",
  "BIZREACH",
  "OTHER",
] as const;

/** What the address names, where it is one of those that there are. */
export function oneOf<One extends string>(all: readonly One[], named: string | undefined): One | undefined {
  return all.find((one) => one === named);
}
