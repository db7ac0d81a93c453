import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { TextLink } from "../../parts/links";
import { Time } from "../../parts/time";
import type { HomeIncidentsQuery } from "./__generated__/home";
import { Card } from "./card";

/** What stands still, and what to do about it. */
export function IncidentsCard({ incidents: { incidents } }: { incidents: HomeIncidentsQuery }) {
  const { t } = useTranslation("home");
  return (
    <Card
      title={t("incidents.title")}
      footer={
        <TextLink to="/incidents" size="sm">
          {t("incidents.open")}
        </TextLink>
      }
    >
      {incidents.totalCount === 0 && <Text size="sm">{t("incidents.none")}</Text>}
      <Stack gap="sm">
        {incidents.nodes.map((incident) => (
          <div key={incident.id}>
            <Text size="sm" fw={600}>
              {incident.title}
            </Text>
            <Text size="sm">{incident.whatToDo}</Text>
            <Text size="xs" c="dimmed">
              <Time at={incident.openedAt} ago />
            </Text>
          </div>
        ))}
      </Stack>
    </Card>
  );
}
