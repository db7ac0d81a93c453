import { Anchor, CloseButton, Group, Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link, useRouterState } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery, useSubscription } from "urql";
import { IncidentBannerChangedDocument, IncidentBannerDocument } from "./__generated__/incident-banner";
import { foldedIncidents, foldIncidents, mendingPlace } from "./mending";

/** What stands still, in a line above every page, and the way to mend the first of it. */
export function IncidentBanner() {
  const { t } = useTranslation();
  const [{ data }] = useQuery({ query: IncidentBannerDocument });
  useSubscription({ query: IncidentBannerChangedDocument });
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [folded, setFolded] = useState(foldedIncidents);
  const open = data?.incidents.nodes ?? [];
  const first = open.find(({ id }) => !folded.includes(id));
  const others = (data?.incidents.totalCount ?? 0) - 1;
  const fold = (ids: string[]) => {
    foldIncidents(ids);
    setFolded(ids);
  };
  // There they stand whole.
  if (path === "/incidents") return null;
  return (
    <div role="status">
      {first && (
        <Group
          gap="sm"
          mb="md"
          px="sm"
          py={6}
          wrap="nowrap"
          fz="sm"
          bdrs="md"
          bg="var(--mantine-color-orange-light)"
          c="var(--mantine-color-orange-light-color)"
        >
          <IconAlertTriangle size={18} aria-hidden style={{ flexShrink: 0 }} />
          <Group gap="xs" flex={1}>
            <Text inherit fw={600}>
              {first.title}
            </Text>
            {mendingPlace[first.kind] !== path && (
              <Anchor component={Link} to={mendingPlace[first.kind]} inherit c="inherit" underline="always">
                {t(`incident.mend.${first.kind}`)}
              </Anchor>
            )}
            <Anchor component={Link} to="/incidents" inherit c="inherit" underline="always">
              {others > 0 ? t("incident.others", { count: others }) : t("incident.details")}
            </Anchor>
          </Group>
          <CloseButton c="inherit" aria-label={t("incident.fold")} onClick={() => fold(open.map(({ id }) => id))} />
        </Group>
      )}
      {!first && open.length > 0 && (
        <Group justify="flex-end" mb="xs">
          <UnstyledButton fz="xs" mih={24} td="underline" onClick={() => fold([])}>
            {t("incident.unfold", { count: open.length })}
          </UnstyledButton>
        </Group>
      )}
    </div>
  );
}
