import { Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FileField } from "../../graphql/__generated__/schema";
import { short } from "../../parts/time";
import type { Preview } from "./use-preview";

type Row = Preview["rows"][number];

/** The first lines of a file as they would come in. */
export function PreviewRows({ rows }: { rows: readonly Row[] }) {
  const { t, i18n } = useTranslation("files");
  const { t: common } = useTranslation();
  const columns: [FileField, (row: Row) => ReactNode][] = [
    ["NAME", (row) => row.name],
    ["POSITION_NAME", (row) => row.positionName],
    ["APPLIED_AT", (row) => (row.appliedAt ? short(row.appliedAt, i18n.language) : t("preview.atUpload"))],
    ["KIND", (row) => row.kind && t(`preview.${row.kind}`)],
    ["EMAIL", (row) => row.email],
    ["PHONE", (row) => row.phone],
    ["CURRENT_POSITION", (row) => row.currentPosition],
    ["COMPANY_NAME", (row) => row.companyName],
    ["SCHOOL_NAME", (row) => row.schoolName],
    ["SKILLS", (row) => row.skills.join(", ")],
    ["LOCATION", (row) => row.location],
    ["INTRODUCTION", (row) => row.introduction],
    ["PROFILE_URL", (row) => row.profileUrl],
  ];
  const told = columns.filter(([, of]) => rows.some((row) => !row.bad && of(row)));
  if (rows.length === 0) return <Text c="dimmed">{t("preview.none")}</Text>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section style={{ overflowX: "auto" }} tabIndex={0} aria-label={t("preview.title")}>
      <Table style={{ whiteSpace: "nowrap" }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("preview.line")}</Table.Th>
            {told.map(([field]) => (
              <Table.Th key={field} scope="col">
                {t(`field.${field}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.line}>
              <Table.Td>{row.line}</Table.Td>
              {row.bad ? (
                <Table.Td colSpan={Math.max(1, told.length)} c="var(--mantine-color-error)">
                  {t("preview.bad", { message: row.bad.message })}
                </Table.Td>
              ) : (
                told.map(([field, of]) => (
                  <Table.Td key={field} maw={240} style={{ overflow: "hidden", textOverflow: "ellipsis" }}>
                    {of(row) || common("none")}
                  </Table.Td>
                ))
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
