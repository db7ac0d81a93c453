import "./texts";
import { Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useQuery, useSubscription } from "urql";
import { TextLink } from "../../parts/links";
import { Empty } from "../../parts/page";
import { Time } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import {
  OpeningsApplicationChangedDocument,
  OpeningsApplicationDocument,
  type OpeningsApplicationQuery,
} from "./__generated__/application";
import { ApplicationActions } from "./application-actions";
import { Lines } from "./history";
import { Outcome } from "./outcome";

export { ApplicationActions };

type Application = Extract<NonNullable<OpeningsApplicationQuery["node"]>, { readonly revision: number }>;

/** Everything about one application, and what can be done to it. */
export function ApplicationPanel({ applicationId }: { applicationId: string }) {
  const { t } = useTranslation("openings");
  const [{ data, error }, again] = useQuery({
    query: OpeningsApplicationDocument,
    variables: { id: applicationId },
    requestPolicy: "cache-and-network",
  });
  const application = data?.node && "revision" in data.node ? data.node : undefined;
  const openingId = application?.opening.id ?? "";
  useSubscription({
    query: OpeningsApplicationChangedDocument,
    variables: { openingId },
    pause: !openingId,
  });
  if (error && !data) return <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />;
  if (!data)
    return (
      <Stack gap="md" role="status" aria-label={t("loading")}>
        <Skeleton height={32} width="60%" />
        <Skeleton height={36} />
        <Skeleton height={160} />
      </Stack>
    );
  if (!application) return <Empty title={t("gone")} />;
  return <Known key={application.id} application={application} />;
}

function Known({ application }: { application: Application }) {
  const { t } = useTranslation("openings");
  const { candidate, opening, step, outcome, history, duplicates, explanation } = application;
  return (
    <Stack gap="lg">
      <Stack gap={4}>
        <Group gap="sm">
          <TextLink to="/candidates/$candidateId" params={{ candidateId: candidate.id }} fw={700} fz="lg">
            {candidate.name}
          </TextLink>
          <Outcome outcome={outcome} />
        </Group>
        {candidate.currentPosition && <Text size="sm">{candidate.currentPosition}</Text>}
        <Text size="sm">
          <TextLink to="/openings/$openingId" params={{ openingId: opening.id }} underline="always">
            {opening.name}
          </TextLink>
          {" · "}
          {step.name}
        </Text>
        <Text size="sm" c="dimmed">
          {t("appliedAt")} <Time at={application.appliedAt} />
        </Text>
      </Stack>
      <ApplicationActions application={application} />
      {duplicates.length > 0 && (
        <Section title={t("others")}>
          {duplicates.map((other) => (
            <Group key={other.id} gap="xs">
              <TextLink
                to="/openings/$openingId"
                params={{ openingId: other.opening.id }}
                search={{ application: other.id }}
                size="sm"
              >
                {other.opening.name}
              </TextLink>
              <Text size="sm">{other.step.name}</Text>
              <Outcome outcome={other.outcome} />
              <Text size="xs" c="dimmed">
                <Time at={other.appliedAt} />
              </Text>
            </Group>
          ))}
        </Section>
      )}
      <Section title={t("history")}>
        <Lines lines={history} latestFirst />
      </Section>
      {explanation && (
        <Section title={t("why.title")}>
          <Text size="sm">{explanation.summary}</Text>
          <Text size="xs" c="dimmed">
            {t("why.position", { position: explanation.rawPositionName })} · {explanation.decidedBy}
            {explanation.decidedAt && (
              <>
                {" · "}
                <Time at={explanation.decidedAt} />
              </>
            )}
          </Text>
          {explanation.considered.length > 0 && (
            <Text size="sm" fw={600}>
              {t("why.considered")}
            </Text>
          )}
          {explanation.considered.map((rule) => (
            <Text key={rule.ruleId} size="sm">
              {t("why.rule", { rule: rule.positionName, reason: rule.reasonText })}
            </Text>
          ))}
        </Section>
      )}
    </Stack>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h5">
        {title}
      </Title>
      {children}
    </Stack>
  );
}
