import { Group, Paper, Stack, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

interface SectionProps {
  title: string;
  /** Where a link on the page leads. */
  id?: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of a candidate's page. */
export function Section({ title, id, actions, children }: SectionProps) {
  const heading = useId();
  return (
    <Paper component="section" withBorder p={{ base: "sm", sm: "md" }} aria-labelledby={heading} id={id}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs" mih={30}>
          <Title order={2} size="h4" id={heading}>
            {title}
          </Title>
          {actions}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
