import { Badge, Group, Stack, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useSubscription } from "urql";
import { useKept } from "../../graphql/kept";
import { usePaged } from "../../graphql/paged";
import { ButtonLink, TextLink } from "../../parts/links";
import { More } from "../../parts/more";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { SearchBox } from "../../parts/search-box";
import { Time } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import {
  CandidatesArrivalsDocument,
  CandidatesListDocument,
  type CandidatesListQuery,
} from "./__generated__/candidates";
import classes from "./candidates.module.css";
import { OutcomeBadge } from "./outcome-badge";

type Person = CandidatesListQuery["candidates"]["nodes"][number];

// From there on the server no longer counts what a search finds.
const uncounted = 10_000;

/** 応募者: everybody who was imported, and a search. */
export function Candidates() {
  const { t, i18n } = useTranslation("candidates");
  const { search = "" } = useSearch({ from: "/candidates" });
  const navigate = useNavigate({ from: "/candidates" });
  const list = usePaged(CandidatesListDocument, { search: search || null }, (data) => data.candidates);
  const { shown, old } = useKept(list);
  // Who comes in meanwhile is read by itself.
  useSubscription({ query: CandidatesArrivalsDocument });
  const people = new Intl.NumberFormat(i18n.language).format(shown.total);
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <ButtonLink to="/candidates/duplicates" variant="default">
          {t("actions.duplicates")}
        </ButtonLink>
      }
    >
      <SearchBox
        label={t("search.label")}
        description={t("search.hint")}
        value={search}
        onSearch={(words) => void navigate({ search: words ? { search: words } : {}, replace: true })}
      />
      {list.error && list.nodes.length === 0 && <Trouble error={list.error} again={list.again} />}
      {shown.empty && !list.error && <ListSkeleton height={64} />}
      {!shown.empty && (
        <Stack gap="xs">
          <Text size="sm" c="dimmed" role="status">
            {search && shown.total >= uncounted
              ? t("list.peopleOrMore", { people })
              : t("list.people", { count: shown.total, people })}
          </Text>
          {shown.nodes.length === 0 ? (
            <Nobody searched={search !== ""} />
          ) : (
            <>
              <ul className={classes.list} data-old={old || undefined} aria-busy={old}>
                {shown.nodes.map((person) => (
                  <Row key={person.id} person={person} />
                ))}
              </ul>
              <More
                shown={shown.nodes.length}
                total={shown.total}
                hasNextPage={shown.hasNextPage}
                loading={list.loading}
                error={list.error}
                next={list.next}
                again={list.again}
              />
            </>
          )}
        </Stack>
      )}
    </Page>
  );
}

function Nobody({ searched }: { searched: boolean }) {
  const { t } = useTranslation("candidates");
  if (searched) return <Empty title={t("nobody.title")}>{t("nobody.text")}</Empty>;
  return (
    <Empty icon={<IconUsers size={32} stroke={1.4} aria-hidden />} title={t("empty.title")}>
      <Stack align="center" gap="sm">
        {t("empty.text")}
        <ButtonLink to="/links/wantedly">{t("empty.link")}</ButtonLink>
      </Stack>
    </Empty>
  );
}

function Row({ person }: { person: Person }) {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  const [latest] = person.applications;
  return (
    <li className={classes.row}>
      <div>
        <TextLink
          to="/candidates/$candidateId"
          params={{ candidateId: person.id }}
          className={classes.name}
          fw={600}
          c="inherit"
        >
          {person.name}
        </TextLink>
        <Text size="sm" c="dimmed" lineClamp={2}>
          {person.currentPosition}
        </Text>
      </div>
      <Group component="div" gap={4} className={classes.skills}>
        {person.skills.slice(0, 4).map((skill) => (
          <Badge key={skill} variant="default" tt="none" fw={500}>
            {skill}
          </Badge>
        ))}
        {person.skills.length > 4 && (
          <Text size="xs" c="dimmed">
            {t("list.moreSkills", { count: person.skills.length - 4 })}
          </Text>
        )}
      </Group>
      <div className={classes.applications}>
        {latest ? (
          <Group gap={6}>
            <OutcomeBadge outcome={latest.outcome} step={latest.step.name} />
            <Text size="sm">{latest.opening.name}</Text>
            {person.applications.length > 1 && (
              <Text size="xs" c="dimmed">
                {t("list.moreApplications", { count: person.applications.length - 1 })}
              </Text>
            )}
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            {t("list.noApplication")}
          </Text>
        )}
      </div>
      <Text size="xs" c="dimmed" className={classes.when} component="div">
        <div>{common(`medium.${person.medium}`)}</div>
        <div>
          {t("list.imported")} <Time at={person.importedAt} ago />
        </div>
      </Text>
    </li>
  );
}
