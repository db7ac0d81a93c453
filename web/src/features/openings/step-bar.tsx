import { Group, Progress, Text, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { OpeningsOpeningFragment } from "./__generated__/opening";

const shades = [3, 4, 5, 6, 7, 8, 9];

/** How many are under way at each step, as a bar and in words. */
export function StepBar({ counts }: { counts: OpeningsOpeningFragment["stepCounts"] }) {
  const { t } = useTranslation("openings");
  const all = counts.reduce((sum, each) => sum + each.inProgress, 0);
  const words = counts.filter((each) => each.inProgress > 0).map((each) => `${each.step.name} ${each.inProgress}`);
  const label = words.length > 0 ? words.join(t("bar.comma")) : t("bar.nobody");
  return (
    <Tooltip label={label}>
      <div>
        <Progress.Root size="md" aria-hidden>
          {counts.map((each, i) => (
            <Progress.Section
              key={each.step.id}
              value={all ? (each.inProgress / all) * 100 : 0}
              color={`cyan.${shades[Math.min(i, shades.length - 1)]}`}
            />
          ))}
        </Progress.Root>
        <Group gap="sm" mt={4}>
          <Text size="xs" c="dimmed">
            {label}
          </Text>
        </Group>
      </div>
    </Tooltip>
  );
}
