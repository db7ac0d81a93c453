import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useMutation } from "urql";
import { useKeptFocus } from "../../parts/kept-focus";
import { done, errorOf, refused, type UserError, useOutcome } from "../../parts/notify";
import { useTrouble } from "../../parts/trouble";
import {
  type CandidateContactFragment,
  CandidateContactNowDocument,
  CandidateUpdateContactDocument,
} from "./__generated__/candidate";
import { type Contact, changesOf, contactOf, putTogether, type Together } from "./contact-changes";
import { ContactConflict } from "./contact-conflict";

interface ContactFormProps {
  person: CandidateContactFragment;
  close: () => void;
}

/** What somebody read, when they last did. */
interface Read {
  contact: Contact;
  revision: number;
}

export function ContactForm({ person, close }: ContactFormProps) {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  const client = useClient();
  const went = useOutcome();
  const trouble = useTrouble();
  const [read, setRead] = useState<Read>({ contact: contactOf(person), revision: person.revision });
  const [typed, setTyped] = useState(read.contact);
  const [errors, setErrors] = useState<readonly UserError[]>([]);
  const [conflict, setConflict] = useState<Together | null>(null);
  const [{ fetching }, update] = useMutation(CandidateUpdateContactDocument);

  const focus = useKeptFocus<HTMLInputElement>();

  const lookAgain = async () => {
    const now = await client
      .query(CandidateContactNowDocument, { id: person.id }, { requestPolicy: "network-only" })
      .toPromise();
    if (now.error) return refused(trouble(now.error).message);
    const saved = now.data?.node;
    if (saved?.__typename !== "Candidate") return close();
    const together = putTogether(read.contact, typed, contactOf(saved));
    setRead({ contact: contactOf(saved), revision: saved.revision });
    setTyped(together.contact);
    setConflict(together);
  };

  const save = async () => {
    const input = changesOf(read.contact, typed);
    if (Object.keys(input).length === 0) return close();
    const { data, error } = await update({ id: person.id, input, expectedRevision: read.revision });
    const said = data?.updateCandidate.errors ?? [];
    if (said.some((each) => each.code === "REVISION_CONFLICT")) return lookAgain();
    const ofFields = said.filter((each) => each.field?.[0] === "input");
    setErrors(ofFields);
    if (!went(error, said.length > ofFields.length ? said : [])) return;
    if (ofFields.length > 0) return;
    done(t("contact.saved"));
    close();
  };

  const field = (name: keyof Contact) => ({
    label: t(`contact.${name}`),
    value: typed[name],
    error: errorOf(errors, "input", name),
    onChange: (event: { currentTarget: { value: string } }) =>
      setTyped({ ...typed, [name]: event.currentTarget.value }),
  });

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="sm" {...focus.within}>
        {conflict && (
          <ContactConflict
            conflict={conflict}
            saved={read.contact}
            typed={typed}
            choose={(name, value) => {
              setTyped({ ...typed, [name]: value });
              setConflict({ ...conflict, contested: conflict.contested.filter((each) => each !== name) });
            }}
          />
        )}
        <TextInput {...field("email")} ref={focus.place} type="email" autoComplete="off" data-autofocus autoFocus />
        <TextInput {...field("phone")} type="tel" autoComplete="off" />
        <Textarea {...field("note")} autosize minRows={3} maxRows={14} maxLength={10_000} />
        <Group gap="xs" justify="flex-end">
          <Button variant="default" onClick={close}>
            {common("confirm.cancel")}
          </Button>
          <Button type="submit" loading={fetching} disabled={Boolean(conflict?.contested.length)}>
            {common("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
