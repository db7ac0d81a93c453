import { Box, Group, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import "./intake-texts";
import classes from "./sum.module.css";

interface Term {
  label: string;
  value: number;
}

interface SumProps {
  total: Term;
  parts: readonly (Term & { color: string })[];
}

/** A number and what it is made of, as a sum that anybody can add up, and as a bar. */
export function Sum({ total, parts }: SumProps) {
  const { t } = useTranslation("intake");
  const whole = parts.reduce((sum, part) => sum + part.value, 0);
  return (
    <Stack gap="xs">
      <dl className={classes.sum}>
        <Figure {...total} />
        {parts.map((part, i) => (
          <Figure key={part.label} {...part} sign={i === 0 ? t("equals") : t("plus")} />
        ))}
      </dl>
      <Progress.Root size="sm" aria-hidden>
        {parts.map((part) => (
          <Progress.Section
            key={part.label}
            withAria={false}
            color={part.color}
            value={whole === 0 ? 0 : (100 * part.value) / whole}
          />
        ))}
      </Progress.Root>
    </Stack>
  );
}

function Figure({ label, value, color, sign }: Term & { color?: string; sign?: string }) {
  const { i18n } = useTranslation();
  return (
    <Box className={classes.figure ?? ""}>
      <Group component="dt" gap={6} wrap="nowrap" fz="xs" c="dimmed">
        {color && <Box w={8} h={8} bg={color} style={{ borderRadius: 2, flexShrink: 0 }} aria-hidden />}
        {label}
      </Group>
      <Text component="dd" m={0} fz="xl" lh={1.4} fw={sign ? 500 : 700} className="numbers">
        {sign && (
          <Text span inherit c="dimmed" fw={400} mr={8} aria-hidden>
            {sign}
          </Text>
        )}
        {new Intl.NumberFormat(i18n.language).format(value)}
      </Text>
    </Box>
  );
}
