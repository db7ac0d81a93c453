import { Badge, Group, Stack, Text } from "@mantine/core";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../graphql/viewer";
import { ButtonLink, TextLink } from "../../parts/links";
import { Empty } from "../../parts/page";
import type { HomeOpeningsQuery } from "./__generated__/home";
import { Card } from "./card";
import { inProgress } from "./progress";

type OpeningAtHome = HomeOpeningsQuery["busiestOpenings"][number];

/** The open openings with people under way, those with the most first. */
export function OpeningsCard({ openings: { openings, busiestOpenings } }: { openings: HomeOpeningsQuery }) {
  const { t } = useTranslation("home");
  const may = useMay();
  return (
    <Card
      title={t("openings.title")}
      footer={
        <TextLink to="/openings" size="sm">
          {t("openings.more")}
        </TextLink>
      }
    >
      {openings.totalCount > 0 && busiestOpenings.length === 0 && <Text size="sm">{t("openings.nobody")}</Text>}
      {openings.totalCount === 0 && (
        <Empty title={t("openings.none")}>
          <Text size="sm">{t("openings.noneHint")}</Text>
          {may("MANAGE_OPENINGS") && (
            <ButtonLink mt="sm" variant="default" to="/openings">
              {t("openings.create")}
            </ButtonLink>
          )}
        </Empty>
      )}
      <Stack gap="sm">
        {busiestOpenings.map((opening) => (
          <OpeningLine key={opening.id} opening={opening} />
        ))}
      </Stack>
    </Card>
  );
}

function OpeningLine({ opening }: { opening: OpeningAtHome }) {
  const { t } = useTranslation("home");
  const peopled = opening.stepCounts.filter((each) => each.inProgress > 0);
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <TextLink to="/openings/$openingId" params={{ openingId: opening.id }} size="sm" fw={600} miw={0}>
          {opening.name}
        </TextLink>
        <Group gap="xs" flex="none" wrap="nowrap">
          {opening.isFull && (
            <Badge color="orange" variant="light" tt="none">
              {t("openings.full")}
            </Badge>
          )}
          <Text size="sm" className="numbers">
            {t("openings.inProgress", { count: inProgress(opening) })}
          </Text>
        </Group>
      </Group>
      {peopled.length > 0 && (
        <Text size="xs" c="dimmed">
          {peopled.map(({ step, inProgress: count }, i) => (
            <Fragment key={step.id}>
              {i > 0 && " · "}
              <Text span inherit style={{ whiteSpace: "nowrap" }}>
                {t("openings.step", { step: step.name, count })}
              </Text>
            </Fragment>
          ))}
        </Text>
      )}
    </div>
  );
}
