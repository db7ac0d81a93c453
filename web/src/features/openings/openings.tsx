import { Badge, Button, Card, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubscription } from "urql";
import { useKept } from "../../graphql/kept";
import { usePaged } from "../../graphql/paged";
import { useMay } from "../../graphql/viewer";
import { useKeptFocus } from "../../parts/kept-focus";
import { TextLink } from "../../parts/links";
import { More } from "../../parts/more";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { row } from "../../parts/rows";
import { SearchBox } from "../../parts/search-box";
import { Trouble } from "../../parts/trouble";
import type { OpeningsOpeningFragment } from "./__generated__/opening";
import { OpeningsChangedLiveDocument, OpeningsListDocument } from "./__generated__/openings";
import { OpeningActions } from "./opening-actions";
import { OpeningForm } from "./opening-form";
import { StepBar } from "./step-bar";

const statuses = ["OPEN", "CLOSED"] as const;

/** What the company recruits for, and how it goes. */
export function Openings() {
  const { t } = useTranslation("openings");
  const may = useMay();
  const navigate = useNavigate({ from: "/openings" });
  const { status, search } = useSearch({ from: "/openings" });
  const [making, setMaking] = useState(false);
  const focus = useKeptFocus();
  const list = usePaged(
    OpeningsListDocument,
    { status: statuses.find((each) => each === status) ?? null, search: search ?? null },
    (data) => data.openings,
  );
  const { shown, old } = useKept(list);
  useSubscription({ query: OpeningsChangedLiveDocument, pause: !may("CONDUCT_SELECTION") });
  const create = may("MANAGE_OPENINGS") && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} lead={t("lead")} actions={create}>
      <Group gap="md" align="flex-end">
        <SearchBox
          placeholder={t("searchHint")}
          value={search ?? ""}
          flex="1 1 220px"
          maw={360}
          onSearch={(words) =>
            void navigate({ search: (before) => ({ ...before, search: words || undefined }), replace: true })
          }
        />
        <SegmentedControl
          aria-label={t("status.label")}
          value={status ?? ""}
          data={[
            { value: "", label: t("status.all") },
            { value: "OPEN", label: t("status.OPEN") },
            { value: "CLOSED", label: t("status.CLOSED") },
          ]}
          onChange={(chosen) =>
            void navigate({ search: (before) => ({ ...before, status: chosen || undefined }), replace: true })
          }
        />
      </Group>
      {list.error && list.empty ? (
        <Trouble error={list.error} again={list.again} />
      ) : shown.empty ? (
        <ListSkeleton lines={4} height={132} />
      ) : shown.nodes.length === 0 ? (
        <Empty title={search || status ? t("none") : t("noneYet")}>
          {search || status ? (
            t("noneHint")
          ) : (
            <Stack align="center" gap="sm">
              {t("noneYetHint")}
              {create}
            </Stack>
          )}
        </Empty>
      ) : (
        <Stack gap="sm" aria-busy={old} data-old={old || undefined} {...focus.within}>
          {shown.nodes.map((opening) => (
            <OpeningCard key={opening.id} opening={opening} />
          ))}
          <More
            shown={shown.nodes.length}
            total={shown.total}
            hasNextPage={shown.hasNextPage}
            loading={list.loading}
            error={list.error}
            next={list.next}
            again={list.again}
          />
        </Stack>
      )}
      {making && (
        <OpeningForm
          close={() => setMaking(false)}
          saved={(openingId) => void navigate({ to: "/openings/$openingId", params: { openingId } })}
        />
      )}
    </Page>
  );
}

function OpeningCard({ opening }: { opening: OpeningsOpeningFragment }) {
  const { t } = useTranslation("openings");
  const ended = opening.outcomeCounts.filter(
    ({ outcome, count }) => count > 0 && outcome !== "IN_PROGRESS" && outcome !== "ROUTING_UNDONE",
  );
  return (
    <Card withBorder padding="md" component="article" {...row}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={2} miw={0} flex="1 1 240px">
          <Group gap="xs">
            <Title order={2} size="h5">
              <TextLink to="/openings/$openingId" params={{ openingId: opening.id }} inherit>
                {opening.name}
              </TextLink>
            </Title>
            <OpeningBadges opening={opening} />
          </Group>
          <Text size="sm" c="dimmed">
            {t("applications", { count: opening.applicationCount })} · {t("rules", { count: opening.rules.length })}
          </Text>
        </Stack>
        <OpeningActions opening={opening} />
      </Group>
      <Stack gap={6} mt="sm">
        <StepBar counts={opening.stepCounts} />
        {ended.length > 0 && (
          <Group gap="md">
            {ended.map(({ outcome, count }) => (
              <Text key={outcome} size="xs" c="dimmed" className="numbers">
                {t(`outcome.${outcome}`)} {count}
              </Text>
            ))}
          </Group>
        )}
      </Stack>
    </Card>
  );
}

/** Whether an opening is open, and how full it is. */
export function OpeningBadges({ opening }: { opening: OpeningsOpeningFragment }) {
  const { t } = useTranslation("openings");
  const { status, capacity, filled, isFull } = opening;
  return (
    <Group gap={6}>
      <Badge variant="light" color={status === "OPEN" ? "teal" : "gray"} tt="none">
        {t(`status.${status}`)}
      </Badge>
      {capacity != null && (
        <Badge variant="light" color={isFull ? "orange" : "gray"} tt="none" className="numbers">
          {isFull ? t("capacity.full", { filled, capacity }) : t("capacity.some", { filled, capacity })}
        </Badge>
      )}
    </Group>
  );
}
