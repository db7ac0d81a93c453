import { Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMay } from "../../graphql/viewer";
import { ButtonLink, TextLink } from "../../parts/links";
import { Time } from "../../parts/time";
import type { HomeInboxQuery } from "./__generated__/home";
import { Card } from "./card";

/** Who waits to be routed, and the way to have them routed. */
export function WaitingCard({ inbox: { inboxSummary, waitingPositions } }: { inbox: HomeInboxQuery }) {
  const { t } = useTranslation("home");
  return (
    <Card
      title={t("waiting.title")}
      aside={<Text fw={700}>{t("waiting.count", { count: inboxSummary.waiting })}</Text>}
      footer={
        <TextLink to="/inbox" size="sm">
          {t("waiting.all")}
        </TextLink>
      }
    >
      {inboxSummary.waiting === 0 ? (
        <div>
          <Text size="sm">{t("waiting.none")}</Text>
          <Text size="sm" c="dimmed">
            {t("waiting.noneHint")}
          </Text>
        </div>
      ) : (
        <>
          {inboxSummary.oldestWaitingAt && (
            <Text size="sm" c="dimmed">
              {t("waiting.since")} <Time at={inboxSummary.oldestWaitingAt} ago />
            </Text>
          )}
          <Stack gap="xs">
            {waitingPositions.map((position) => (
              <Position key={`${position.medium} ${position.normalizedPositionName}`} position={position} />
            ))}
          </Stack>
        </>
      )}
    </Card>
  );
}

function Position({ position }: { position: HomeInboxQuery["waitingPositions"][number] }) {
  const { t } = useTranslation("home");
  const may = useMay();
  const name = position.positionName || t("waiting.unnamed");
  const search = { new: "rule", medium: position.medium, position: position.positionName };
  return (
    <Group gap="xs" wrap="nowrap" justify="space-between" mih={36}>
      <div>
        <Text size="sm" lineClamp={2}>
          {name}
        </Text>
        {position.closedOpening && (
          <Text size="xs" c="dimmed">
            {t("waiting.closed", { opening: position.closedOpening.name })}
          </Text>
        )}
      </div>
      <Group gap="sm" wrap="nowrap" flex="none">
        <Text size="sm" className="numbers">
          {t("waiting.count", { count: position.count })}
        </Text>
        {may("MANAGE_RULES") && !position.closedOpening && position.positionName && (
          <ButtonLink
            size="compact-sm"
            variant="light"
            aria-label={t("waiting.ruleFor", { position: name })}
            to="/rules"
            search={search}
          >
            {t("waiting.rule")}
          </ButtonLink>
        )}
      </Group>
    </Group>
  );
}
