import { Button, Checkbox, Group, Input, Modal, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useMutation } from "urql";
import { done, errorOf, type UserError, useOutcome } from "../../parts/notify";
import { useReturnFocus } from "../../parts/return-focus";
import {
  EndpointAddDocument,
  type EndpointShownFragment,
  EndpointsListDocument,
  EndpointUpdateDocument,
} from "./__generated__/endpoints";
import { EndpointConflict } from "./endpoint-conflict";
import type { ShownSecret } from "./secret-dialog";

type Kind = EndpointShownFragment["kinds"][number];
const kinds = ["LINK_FAILED", "STALE", "WAITING", "QUARANTINED", "MEDIUM_OUTAGE"] as const satisfies readonly Kind[];
const usual: Kind[] = ["LINK_FAILED", "STALE", "WAITING", "QUARANTINED"];

/** What a person says of an endpoint. */
export type EndpointDraft = Pick<EndpointShownFragment, "channel" | "name" | "language"> & {
  url: string;
  kinds: Kind[];
};

function draftOf(endpoint: EndpointShownFragment | undefined): EndpointDraft {
  if (!endpoint) return { channel: "SLACK", name: "", url: "", kinds: usual, language: "JA" };
  const { channel, name, language } = endpoint;
  return { channel, name, language, url: "", kinds: [...endpoint.kinds] };
}

interface EndpointDialogProps {
  /** The one to change; without it, a new one is added. */
  endpoint?: EndpointShownFragment;
  close: () => void;
  shown: (secret: ShownSecret) => void;
}

/** Adds a place where the company is told, or changes one. */
export function EndpointDialog({ endpoint: opened, close, shown }: EndpointDialogProps) {
  useReturnFocus();
  const { t } = useTranslation("incidents");
  const { t: shared } = useTranslation();
  const client = useClient();
  const outcome = useOutcome();
  // What is changed is what was read when the dialog opened, whatever comes in behind it.
  const [endpoint, setEndpoint] = useState(opened);
  const [current, setCurrent] = useState<EndpointShownFragment | null>(null);
  const [, add] = useMutation(EndpointAddDocument);
  const [, update] = useMutation(EndpointUpdateDocument);
  const form = useForm<EndpointDraft>({ initialValues: draftOf(opened) });

  const settle = (errors: readonly UserError[]) => {
    const fields = (["name", "url", "kinds", "language"] as const).map(
      (field) => [field, errorOf(errors, "input", field)] as const,
    );
    form.setErrors(Object.fromEntries(fields.filter(([, message]) => message)));
    outcome(
      undefined,
      errors.filter((error) => !fields.some(([, message]) => message === error.message)),
    );
  };
  const addIt = async (draft: EndpointDraft) => {
    const { channel, ...input } = draft;
    const { data, error } = await add({ channel, input });
    const made = data?.addNotificationEndpoint;
    if (error || !made) return void outcome(error, undefined);
    if (made.errors.length > 0) return settle(made.errors);
    close();
    // A secret is shown in a dialog, which says enough: an announcement would lie on its buttons.
    if (made.secret) shown({ name: draft.name, text: made.secret, rotated: false });
    else done(t("endpoints.added"));
  };
  const changeIt = async (id: string, expectedRevision: number, { channel: _, url, ...rest }: EndpointDraft) => {
    const { data, error } = await update({ id, expectedRevision, input: { ...rest, url: url === "" ? null : url } });
    const changed = data?.updateNotificationEndpoint;
    if (error || !changed) return void outcome(error, undefined);
    if (changed.errors.some(({ code }) => code === "REVISION_CONFLICT")) {
      const read = await client.query(EndpointsListDocument, {}, { requestPolicy: "network-only" });
      const now = read.data?.notificationEndpoints.find((each) => each.id === id);
      if (now) setCurrent(now);
      else settle(changed.errors);
      return;
    }
    if (changed.errors.length > 0) return settle(changed.errors);
    done(t("endpoints.saved"));
    close();
  };
  const submit = form.onSubmit((draft) => (endpoint ? changeIt(endpoint.id, endpoint.revision, draft) : addIt(draft)));
  const take = (now: EndpointShownFragment) => {
    form.setValues(draftOf(now));
    setEndpoint(now);
    setCurrent(null);
  };
  const overwrite = (now: EndpointShownFragment) => {
    setEndpoint(now);
    setCurrent(null);
    void changeIt(now.id, now.revision, form.values);
  };
  const { channel } = form.values;
  return (
    <Modal
      opened
      onClose={close}
      title={endpoint ? t("form.editTitle", { name: endpoint.name }) : t("form.addTitle")}
      closeButtonProps={{ "aria-label": shared("confirm.close") }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          {current && (
            <EndpointConflict
              now={current}
              yours={form.values}
              take={() => take(current)}
              overwrite={() => overwrite(current)}
            />
          )}
          {!endpoint && (
            <Input.Wrapper label={t("form.channel")} labelElement="div">
              <SegmentedControl
                fullWidth
                aria-label={t("form.channel")}
                data={(["SLACK", "WEBHOOK"] as const).map((value) => ({
                  value,
                  label: t(`deliveries.channel.${value}`),
                }))}
                {...form.getInputProps("channel")}
              />
            </Input.Wrapper>
          )}
          <TextInput
            required
            data-autofocus
            maxLength={100}
            label={t("form.name")}
            description={t("form.nameHint")}
            {...form.getInputProps("name")}
          />
          <TextInput
            required={!endpoint}
            type="url"
            autoComplete="off"
            label={t("form.url")}
            description={
              endpoint
                ? t("form.urlKept", { host: endpoint.host })
                : t(channel === "SLACK" ? "form.urlSlack" : "form.urlWebhook")
            }
            {...form.getInputProps("url")}
          />
          <Checkbox.Group label={t("form.kinds")} required {...form.getInputProps("kinds")}>
            <Stack gap="xs" mt="xs">
              {kinds.map((kind) => (
                <Checkbox key={kind} value={kind} label={t(`kind.${kind}`)} />
              ))}
            </Stack>
          </Checkbox.Group>
          {channel === "SLACK" && (
            <Input.Wrapper label={t("form.language")} labelElement="div">
              <SegmentedControl
                fullWidth
                aria-label={t("form.language")}
                data={(["JA", "EN"] as const).map((value) => ({ value, label: t(`endpoints.languages.${value}`) }))}
                {...form.getInputProps("language")}
              />
            </Input.Wrapper>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {shared("confirm.cancel")}
            </Button>
            <Button type="submit" loading={form.submitting}>
              {endpoint ? shared("save") : t("endpoints.add")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
