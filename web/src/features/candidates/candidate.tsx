import { Alert, Anchor, Badge, Button, Grid, Group, Stack, Text } from "@mantine/core";
import { IconInfoCircle, IconTrash, IconUsersGroup } from "@tabler/icons-react";
import { Navigate, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useMay } from "../../graphql/viewer";
import { ButtonLink, TextLink } from "../../parts/links";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { Time } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import { CandidatePageDocument } from "./__generated__/candidate";
import { Applications, NextActions, OpenedApplication } from "./applications";
import { Contact } from "./contact";
import { Entries } from "./entries";
import { EraseDialog, ErasureReceipt, type Receipt } from "./erasure";
import { Follow } from "./follow";
import { Merges, type Person } from "./merges";
import { AwayLink, Profile } from "./profile";
import { Section } from "./section";
import { Similar } from "./similar";

/** A person: who they are, what they applied for, and who else they may be. */
export function Candidate() {
  const { candidateId } = useParams({ from: "/candidates/$candidateId" });
  return <CandidateOf key={candidateId} id={candidateId} />;
}

function CandidateOf({ id }: { id: string }) {
  const { t } = useTranslation("candidates");
  const search = useSearch({ from: "/candidates/$candidateId" });
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const [{ data, error }, again] = useQuery({
    query: CandidatePageDocument,
    variables: { id },
    requestPolicy: "cache-and-network",
    pause: receipt !== null,
  });
  if (receipt) return <ErasureReceipt receipt={receipt} />;
  if (!data) {
    return (
      <Page title={t("title")}>
        {error ? (
          <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />
        ) : (
          <ListSkeleton lines={6} height={96} />
        )}
      </Page>
    );
  }
  const person = data.node;
  if (person?.__typename !== "Candidate") {
    return (
      <Page title={t("title")}>
        <Empty title={t("missing.title")}>
          <Stack align="center" gap="sm">
            {t("missing.text")}
            <ButtonLink to="/candidates">{t("missing.back")}</ButtonLink>
          </Stack>
        </Empty>
      </Page>
    );
  }
  // Somebody merged them: who stands for them is at another address.
  if (person.id !== id) {
    return <Navigate to="/candidates/$candidateId" params={{ candidateId: person.id }} search={search} replace />;
  }
  return (
    <>
      <Follow
        openings={person.applications.map(({ opening }) => opening.id)}
        reread={() => again({ requestPolicy: "network-only" })}
      />
      <Shown person={person} erased={setReceipt} />
    </>
  );
}

function Shown({ person, erased }: { person: Person; erased: (receipt: Receipt) => void }) {
  const { t } = useTranslation("candidates");
  const { t: common } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [erasing, setErasing] = useState(false);
  const medium = common(`medium.${person.medium}`);
  const open = person.possibleDuplicates.filter((one) => !one.dismissed);
  return (
    <Page title={person.name} lead={[person.currentPosition, person.location].filter(Boolean).join(" · ")}>
      <Stack gap="md">
        {person.tagline && <Text>{person.tagline}</Text>}
        <Group gap="sm">
          <Badge variant="default" tt="none">
            {medium}
          </Badge>
          <Text size="sm" c="dimmed">
            {t("imported")}
            <Time at={person.importedAt} />
          </Text>
          {person.profileUrl && <AwayLink url={person.profileUrl}>{t("actions.medium", { medium })}</AwayLink>}
        </Group>
        {person.changedOnMediumAt && (
          <Alert variant="light" color="orange" icon={<IconInfoCircle aria-hidden />} title={t("changed.title")}>
            <Text size="sm">{t("changed.text", { medium })}</Text>
            <Text size="sm">
              {t("changed.since")}
              <Time at={person.changedOnMediumAt} />
            </Text>
          </Alert>
        )}
        {open.length > 0 && (
          <Alert
            variant="light"
            icon={<IconUsersGroup aria-hidden />}
            title={t("similar.notice", { count: open.length })}
            hiddenFrom="md"
          >
            <Text size="sm">{t("similar.noticeText")}</Text>
            <Anchor size="sm" href="#similar">
              {t("similar.see")}
            </Anchor>
          </Alert>
        )}
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 7.5 }}>
            <Stack gap="md">
              <Section title={t("applications.title")}>
                {person.applications.length > 0 ? (
                  <Applications
                    candidateId={person.id}
                    applications={person.applications}
                    actions={(application) => <NextActions application={application} />}
                  />
                ) : (
                  <NoApplication />
                )}
              </Section>
              <Section title={t("profile.title")}>
                <Profile person={person} />
              </Section>
              <Section title={t("entries.title")}>
                <Entries entries={person.entries} />
              </Section>
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 4.5 }}>
            <Stack gap="md">
              <Contact person={person} />
              <Section title={t("similar.title")} id="similar">
                <Similar
                  candidateId={person.id}
                  people={person.possibleDuplicates}
                  merged={(candidateId) =>
                    void navigate({ to: "/candidates/$candidateId", params: { candidateId }, replace: true })
                  }
                />
              </Section>
              {person.merges.length > 0 && (
                <Section title={t("merges.title")}>
                  <Merges person={person} />
                </Section>
              )}
              {may("ERASE_CANDIDATES") && (
                <Button
                  variant="subtle"
                  color="red"
                  leftSection={<IconTrash size={16} aria-hidden />}
                  onClick={() => setErasing(true)}
                >
                  {t("actions.erase")}
                </Button>
              )}
            </Stack>
          </Grid.Col>
        </Grid>
      </Stack>
      <OpenedApplication />
      {erasing && <EraseDialog person={person} close={() => setErasing(false)} erased={erased} />}
    </Page>
  );
}

function NoApplication() {
  const { t } = useTranslation("candidates");
  const may = useMay();
  return (
    <Text size="sm">
      {t("applications.none")}{" "}
      {may("WORK_INBOX") && (
        <TextLink to="/inbox" search={{ state: "WAITING" }} size="sm">
          {t("applications.toInbox")}
        </TextLink>
      )}
    </Text>
  );
}
