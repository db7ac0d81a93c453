import { Badge, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CandidatePossibleDuplicateFragment } from "./__generated__/candidate";

type Likeness = Pick<CandidatePossibleDuplicateFragment, "certainty" | "reasons">;

const colors: Record<Likeness["certainty"], string> = { CERTAIN: "orange", STRONG: "cyan", HINT: "gray" };

/** How sure it is that two are one person, and what speaks for it. */
export function Reasons({ certainty, reasons }: Likeness) {
  const { t } = useTranslation("candidates");
  return (
    <Group gap={6}>
      <Badge variant="light" tt="none" color={colors[certainty]}>
        {t(`similar.certainty.${certainty}`)}
      </Badge>
      {reasons.map((reason) => (
        <Badge key={reason} variant="default" tt="none" fw={500}>
          {t(`similar.reason.${reason}`)}
        </Badge>
      ))}
    </Group>
  );
}
