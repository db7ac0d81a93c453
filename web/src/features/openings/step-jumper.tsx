import { Button, Group } from "@mantine/core";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Column } from "./arrange";
import classes from "./board.module.css";

interface StepJumperProps {
  columns: readonly Column[];
  board: RefObject<HTMLElement | null>;
}

/** The way to a step of the board where only one of them is in view: on a phone. */
export function StepJumper({ columns, board }: StepJumperProps) {
  const { t, i18n } = useTranslation("openings");
  const number = new Intl.NumberFormat(i18n.language);
  const jump = (stepId: string) => {
    const column = board.current?.querySelector(`[data-step="${stepId}"]`);
    column?.scrollIntoView({ inline: "start", block: "nearest" });
  };
  return (
    <Group hiddenFrom="sm" gap={6} wrap="nowrap" className={classes.jumper ?? ""} role="group" aria-label={t("jump")}>
      {columns.map(({ step, count }) => (
        <Button
          key={step.id}
          size="compact-sm"
          variant="default"
          style={{ flexShrink: 0 }}
          onClick={() => jump(step.id)}
        >
          {step.name} {number.format(count)}
        </Button>
      ))}
    </Group>
  );
}
