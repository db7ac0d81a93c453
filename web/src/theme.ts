import { createTheme, rem } from "@mantine/core";

// System fonts that hold Japanese, so that no font has to come first.
const fonts =
  'system-ui, -apple-system, "Hiragino Sans", "Hiragino Kaku Gothic ProN", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", Meiryo, sans-serif';

export const theme = createTheme({
  primaryColor: "cyan",
  // Dark enough for white text on it, and light enough on a dark page: both 4.5:1 or more.
  primaryShade: { light: 9, dark: 8 },
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
  },
});
