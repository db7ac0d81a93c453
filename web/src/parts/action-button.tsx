import { Button, type ButtonProps, Tooltip } from "@mantine/core";
import type { MouseEventHandler, ReactNode } from "react";

/** Whether the API says that something can be done, and why not. */
export interface ActionState {
  readonly enabled: boolean;
  readonly reason?: string | null;
}

/** What the API says of an action, where it is possible: what there is another way to, or nothing to say of, is not shown. */
export function possible<Action extends string>(
  actions: readonly (ActionState & { readonly action: Action })[],
  action: Action,
): ActionState | undefined {
  return actions.find((each) => each.action === action && each.enabled);
}

interface ActionButtonProps extends ButtonProps {
  state: ActionState | undefined;
  onClick: MouseEventHandler<HTMLButtonElement>;
  "aria-label"?: string;
  children: ReactNode;
}

/** A button for one of `availableActions`: where it is not possible, it says why. Without a state it is not shown. */
export function ActionButton({ state, onClick, children, ...button }: ActionButtonProps) {
  if (!state) return null;
  return (
    <Tooltip
      label={state.reason ?? ""}
      disabled={state.enabled || !state.reason}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Button
        {...button}
        // Not `disabled`: what cannot be focused cannot say why.
        data-disabled={state.enabled ? undefined : true}
        aria-disabled={state.enabled ? undefined : true}
        onClick={(event) => (state.enabled ? onClick(event) : event.preventDefault())}
      >
        {children}
      </Button>
    </Tooltip>
  );
}
