import { notifications } from "@mantine/notifications";
import type { CombinedError } from "@urql/core";
import i18next from "i18next";
import { useTrouble } from "./trouble";

/** What a mutation's payload says that the person can mend. */
export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly field?: readonly string[] | null;
}

const closable = () => ({ closeButtonProps: { "aria-label": i18next.t("confirm.close") } });

/** Says that something was done. */
export function done(message: string): void {
  notifications.show({ message, color: "teal", withBorder: true, ...closable() });
}

/** Says that something was not done, and why. */
export function refused(message: string): void {
  notifications.show({ message, color: "red", withBorder: true, autoClose: 10_000, ...closable() });
}

/** Says why a mutation did not go through, be it the network, the server, or what was asked for; true where it did. */
export function useOutcome(): (error: CombinedError | undefined, errors: readonly UserError[] | undefined) => boolean {
  const trouble = useTrouble();
  return (error, errors) => {
    if (error) refused(trouble(error).message);
    else for (const each of errors ?? []) refused(each.message);
    return !error && !errors?.length;
  };
}

/** The message of the error that blames one of the mutation's arguments, for the field of a form. */
export function errorOf(errors: readonly UserError[], ...field: string[]): string | null {
  return errors.find((e) => e.field?.join(".") === field.join("."))?.message ?? null;
}
