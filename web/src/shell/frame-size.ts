import type { AppShellProps } from "@mantine/core";

/** How much of the screen the frame takes. */
export const frameProps = {
  header: { height: 56 },
  navbar: { width: 240, breakpoint: "sm", collapsed: { mobile: true } },
  padding: { base: "md", sm: "lg" },
} as const satisfies AppShellProps;
