import { ActionIcon, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import type { ActionState } from "./action-button";

interface ActionIconButtonProps {
  state: ActionState | undefined;
  label: string;
  onClick: () => void;
  children: ReactNode;
}

/** An icon for one of `availableActions`, as `ActionButton` is a button for one. */
export function ActionIconButton({ state, label, onClick, children }: ActionIconButtonProps) {
  if (!state) return null;
  return (
    <Tooltip
      label={state.reason ?? ""}
      disabled={state.enabled || !state.reason}
      events={{ hover: true, focus: true, touch: true }}
    >
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        data-disabled={state.enabled ? undefined : true}
        aria-disabled={state.enabled ? undefined : true}
        onClick={() => state.enabled && onClick()}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
