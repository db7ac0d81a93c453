export const contactFields = ["email", "phone", "note"] as const;
export type ContactField = (typeof contactFields)[number];

/** What is known of how to reach somebody, as a form has it: nothing is an empty text. */
export type Contact = Readonly<Record<ContactField, string>>;

export function contactOf(candidate: { readonly [F in ContactField]: string | null }): Contact {
  return { email: candidate.email ?? "", phone: candidate.phone ?? "", note: candidate.note ?? "" };
}

/** What was typed anew; nothing else is sent, so that nobody's other change is overwritten. */
export function changesOf(read: Contact, typed: Contact): { [F in ContactField]?: string | null } {
  const changes: { [F in ContactField]?: string | null } = {};
  for (const field of contactFields) {
    const value = typed[field].trim();
    if (value !== read[field].trim()) changes[field] = value === "" ? null : value;
  }
  return changes;
}

/** Two people's changes of what both had read, put together. */
export interface Together {
  /** Both changes, and where both changed the same, what was typed here. */
  contact: Contact;
  /** Where both changed the same to something else: for a person to decide. */
  contested: readonly ContactField[];
  /** What only the other changed. */
  adopted: readonly ContactField[];
}

export function putTogether(read: Contact, typed: Contact, saved: Contact): Together {
  const contested: ContactField[] = [];
  const adopted: ContactField[] = [];
  const contact: Record<ContactField, string> = { ...typed };
  for (const field of contactFields) {
    const [was, here, there] = [read[field].trim(), typed[field].trim(), saved[field].trim()];
    if (there === was || there === here) continue;
    if (here === was) {
      contact[field] = saved[field];
      adopted.push(field);
    } else contested.push(field);
  }
  return { contact, contested, adopted };
}
