import { type CSSVariablesResolver, createTheme, rem } from "@mantine/core";

// System fonts that hold Japanese, so that no font has to come first.
const fonts =
  'system-ui, -apple-system, "Hiragino Sans", "Hiragino Kaku Gothic ProN", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", Meiryo, sans-serif';

export const theme = createTheme({
  primaryColor: "cyan",
  // White text on it has a contrast of 5.6:1.
  primaryShade: 9,
  autoContrast: true,
  fontFamily: fonts,
  headings: { fontFamily: fonts, fontWeight: "600" },
  lineHeights: { md: "1.7" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { multiline: true, maw: rem(320), withArrow: true } },
    Modal: { defaultProps: { centered: true } },
    // A header outside of the page's own would be a second banner to screen readers.
    ModalHeader: { defaultProps: { component: "div" } },
    DrawerHeader: { defaultProps: { component: "div" } },
  },
});

/** Raises the contrast of what Mantine writes in colour or in grey to the 4.5:1 that WCAG 2.2 AA asks for. */
export const contrasts: CSSVariablesResolver = ({ colors }) => {
  const light: Record<string, string> = {
    "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
    "--mantine-color-placeholder": "var(--mantine-color-gray-7)",
    "--mantine-color-error": "var(--mantine-color-red-9)",
  };
  const dark: Record<string, string> = {
    "--mantine-color-dimmed": "var(--mantine-color-dark-1)",
    "--mantine-color-placeholder": "var(--mantine-color-dark-1)",
    "--mantine-color-error": "var(--mantine-color-red-4)",
  };
  for (const color of Object.keys(colors)) {
    light[`--mantine-color-${color}-light-color`] = `color-mix(in srgb, var(--mantine-color-${color}-9) 70%, black)`;
    light[`--mantine-color-${color}-filled-hover`] = `color-mix(in srgb, var(--mantine-color-${color}-9) 85%, black)`;
    dark[`--mantine-color-${color}-filled-hover`] = `color-mix(in srgb, var(--mantine-color-${color}-9) 85%, black)`;
    dark[`--mantine-color-${color}-light-color`] = `var(--mantine-color-${color}-2)`;
  }
  return { variables: {}, light, dark };
};
