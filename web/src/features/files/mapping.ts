import type { FileField } from "../../graphql/__generated__/schema";

/** That a field stands in a column. */
export interface Column {
  readonly field: FileField;
  readonly header: string;
}

/** The fields that nearly every file has, as they are asked for. */
export const usual: readonly FileField[] = [
  "NAME",
  "FAMILY_NAME",
  "GIVEN_NAME",
  "POSITION_NAME",
  "APPLIED_AT",
  "EMAIL",
  "PHONE",
  "APPLICATION_NUMBER",
  "PERSON_NUMBER",
];

export const further: readonly FileField[] = [
  "NAME_KANA",
  "KIND",
  "CURRENT_POSITION",
  "COMPANY_NAME",
  "SCHOOL_NAME",
  "SKILLS",
  "INTRODUCTION",
  "LOCATION",
  "PROFILE_URL",
  "APPLICATION_URL",
];

/** The mapping with a field in another column, or in none. A column tells one thing: whatever it told before is without. */
export function assign(mapping: readonly Column[], field: FileField, header: string | null): Column[] {
  const others = mapping.filter((column) => column.field !== field && column.header !== header);
  return header === null ? others : [...others, { field, header }];
}

/** The columns' names, each once, without those that have none. */
export function choices(headers: readonly string[]): string[] {
  return [...new Set(headers)].filter((header) => header.trim() !== "");
}
