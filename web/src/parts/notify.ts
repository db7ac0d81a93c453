import type { NotificationData } from "@mantine/notifications";
import type { CombinedError } from "@urql/core";
import i18next from "i18next";
import { useSyncExternalStore } from "react";
import { useTrouble } from "./trouble";

/** What a mutation's payload says that the person can mend. */
export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly field?: readonly string[] | null;
}

// What shows announcements comes with the first of them: it is a tenth of what the first view may weigh.
let wanted = false;
const watchers = new Set<() => void>();
const library = () => import("@mantine/notifications");

/** Whether anything was ever announced. */
export function useAnnounced(): boolean {
  return useSyncExternalStore(
    (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    () => wanted,
  );
}

/** Announces something, above whatever page is open. */
export async function announce(announcement: NotificationData): Promise<void> {
  wanted = true;
  for (const changed of watchers) changed();
  const { notifications } = await library();
  notifications.show({
    withBorder: true,
    closeButtonProps: { "aria-label": i18next.t("confirm.close") },
    ...announcement,
  });
}

/** Takes an announcement back. */
export async function withdraw(id: string): Promise<void> {
  (await library()).notifications.hide(id);
}

/** Says that something was done. */
export function done(message: string): void {
  void announce({ message, color: "teal" });
}

/** Says that something was not done, and why. */
export function refused(message: string): void {
  void announce({ message, color: "red", autoClose: 10_000 });
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
