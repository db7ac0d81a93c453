import { Box, Drawer, Group, Stack, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { TextLink } from "../../parts/links";
import { ListSkeleton } from "../../parts/page";
import { Time } from "../../parts/time";
import type { OpeningsApplicationStateFragment } from "../openings/__generated__/application";
import type { CandidateApplicationFragment } from "./__generated__/candidate";
import { OutcomeBadge } from "./outcome-badge";

// What is done to an application comes after the page itself.
const ApplicationActions = lazy(async () => ({
  default: (await import("../openings/application")).ApplicationActions,
}));
const ApplicationPanel = lazy(async () => ({
  default: (await import("../openings/application")).ApplicationPanel,
}));

interface ApplicationsProps<Application> {
  candidateId: string;
  applications: readonly Application[];
  /** What can be done to each, below it. */
  actions?: (application: Application) => ReactNode;
}

/** A person's selections, each of which opens beside the page. */
export function Applications<Application extends CandidateApplicationFragment>({
  candidateId,
  applications,
  actions,
}: ApplicationsProps<Application>) {
  const { t } = useTranslation("candidates");
  return (
    <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: "none" }}>
      {applications.map((application) => (
        <li key={application.id}>
          <Group justify="space-between" gap="xs">
            <TextLink
              to="/candidates/$candidateId"
              params={{ candidateId }}
              search={{ application: application.id }}
              resetScroll={false}
              fw={600}
              size="sm"
            >
              {application.opening.name}
            </TextLink>
            <Group gap="sm">
              <OutcomeBadge outcome={application.outcome} step={application.step.name} />
              <Text size="xs" c="dimmed">
                {t("applications.applied")}
                <Time at={application.appliedAt} />
              </Text>
            </Group>
          </Group>
          {actions?.(application)}
        </li>
      ))}
    </Stack>
  );
}

/** What comes next in a selection that is under way, without opening it. */
export function NextActions({ application }: { application: OpeningsApplicationStateFragment }) {
  if (application.outcome !== "IN_PROGRESS") return null;
  return (
    <Box mt="xs" mih={30}>
      <Suspense>
        <ApplicationActions application={application} brief />
      </Suspense>
    </Box>
  );
}

/** The selection that the page's address names. */
export function OpenedApplication() {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  const { application } = useSearch({ from: "/candidates/$candidateId" });
  const navigate = useNavigate({ from: "/candidates/$candidateId" });
  return (
    <Drawer
      opened={Boolean(application)}
      onClose={() => void navigate({ search: {}, resetScroll: false })}
      title={t("applications.drawer")}
      position="right"
      size="lg"
      closeButtonProps={{ "aria-label": common("confirm.close") }}
    >
      {application && (
        <Suspense fallback={<ListSkeleton lines={6} />}>
          <ApplicationPanel applicationId={application} />
        </Suspense>
      )}
    </Drawer>
  );
}
