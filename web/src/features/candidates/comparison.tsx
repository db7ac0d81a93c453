import { Badge, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { TextLink } from "../../parts/links";
import { Time } from "../../parts/time";
import type { DuplicatePersonFragment, DuplicatesListQuery } from "./__generated__/duplicates";
import classes from "./comparison.module.css";
import { OutcomeBadge } from "./outcome-badge";

type Reason = DuplicatesListQuery["possibleDuplicates"]["nodes"][number]["reasons"][number];

interface ComparisonProps {
  people: readonly [DuplicatePersonFragment, DuplicatePersonFragment];
  /** What the two have in common. */
  reasons?: readonly Reason[];
}

/** Two people side by side. */
export function Comparison({ people, reasons = [] }: ComparisonProps) {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  const lines: { name: string; same?: Reason; of: (person: DuplicatePersonFragment) => ReactNode }[] = [
    { name: t("compare.current"), of: (person) => person.currentPosition },
    { name: t("compare.location"), of: (person) => person.location },
    { name: t("compare.email"), same: "SAME_EMAIL", of: (person) => person.email },
    { name: t("compare.phone"), same: "SAME_PHONE", of: (person) => person.phone },
    {
      name: t("compare.work"),
      of: ({ workHistories: [last] }) => last && [last.companyName, last.position].filter(Boolean).join(" · "),
    },
    {
      name: t("compare.education"),
      of: ({ educations: [last] }) => last && [last.schoolName, last.major].filter(Boolean).join(" · "),
    },
    {
      name: t("compare.imported"),
      of: (person) => (
        <>
          {common(`medium.${person.medium}`)} · <Time at={person.importedAt} />
        </>
      ),
    },
    {
      name: t("compare.applications"),
      of: (person) =>
        person.applications.length > 0 && (
          <Stack gap={4}>
            {person.applications.map((application) => (
              <div key={application.id}>
                {application.opening.name} <OutcomeBadge outcome={application.outcome} step={application.step.name} />
              </div>
            ))}
          </Stack>
        ),
    },
  ];
  const same = (reason: Reason | undefined) =>
    reason &&
    reasons.includes(reason) && (
      <Badge ml={6} size="sm" variant="light" color="orange" tt="none">
        {t("compare.same")}
      </Badge>
    );
  return (
    <table className={classes.table} aria-label={t("compare.label")}>
      <thead>
        <tr>
          <td className={classes.corner} />
          {people.map((person) => (
            <th key={person.id} scope="col">
              <TextLink to="/candidates/$candidateId" params={{ candidateId: person.id }} fw={600}>
                {person.name}
              </TextLink>
              {same("SAME_NAME")}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines
          .filter(({ of }) => people.some((person) => of(person)))
          .map((line) => (
            <tr key={line.name}>
              <th scope="row">
                {line.name}
                {same(line.same)}
              </th>
              {people.map((person) => (
                <td key={person.id}>
                  {line.of(person) || (
                    <Text span inherit c="dimmed">
                      {common("none")}
                    </Text>
                  )}
                </td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  );
}
