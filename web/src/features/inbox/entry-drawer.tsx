import { Anchor, Badge, Drawer, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowBackUp, IconArrowRight, IconBan, IconExternalLink } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { ActionButton, possible } from "../../parts/action-button";
import { ButtonLink, TextLink } from "../../parts/links";
import { ListSkeleton } from "../../parts/page";
import { Time } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import { InboxEntryDetailDocument, type InboxEntryWholeFragment } from "./__generated__/entry";
import type { Deciding } from "./deciding";
import { EntryHistory, EntryWhy } from "./entry-why";
import { Profile } from "./profile";
import { useUndo } from "./undo";

interface EntryDrawerProps {
  id: string;
  /** Changes when something in the inbox does. */
  version: string | undefined;
  deciding: Deciding;
  close: () => void;
}

/** One application: who, why it is where it is, and what can be done. */
export function EntryDrawer({ id, version, deciding, close }: EntryDrawerProps) {
  const { t } = useTranslation(["inbox", "common"]);
  const [{ data, error, fetching }, again] = useQuery({
    query: InboxEntryDetailDocument,
    variables: { id },
    requestPolicy: "cache-and-network",
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: somebody else may have decided on it
  useEffect(() => {
    if (version) again({ requestPolicy: "network-only" });
  }, [version]);
  const entry = data?.node && "candidate" in data.node ? data.node : null;
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="lg"
      title={
        <Text span fw={700} fz="lg">
          {entry?.candidate.name ?? t("entry.title")}
        </Text>
      }
      closeButtonProps={{ "aria-label": t("common:confirm.close") }}
    >
      {entry && <Entry entry={entry} deciding={deciding} />}
      {!entry && error && <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />}
      {!entry && fetching && <ListSkeleton lines={6} />}
      {!entry && !error && !fetching && <Text>{t("entry.gone")}</Text>}
    </Drawer>
  );
}

const colors = { WAITING: "orange", ROUTED: "teal", EXCLUDED: "gray" } as const;

function Entry({ entry, deciding }: { entry: InboxEntryWholeFragment; deciding: Deciding }) {
  const { t } = useTranslation(["inbox", "common"]);
  const undo = useUndo();
  const { action } = entry.explanation;
  const link = safe(entry.externalUrl);
  return (
    <Stack>
      <Stack gap={4}>
        <Group gap="xs">
          <Badge variant="light" color={colors[entry.state]} tt="none">
            {t(`state.${entry.state}`)}
          </Badge>
          <Text size="sm">
            {t(`common:medium.${entry.medium}`)} · {t(`kind.${entry.kind}`)}
          </Text>
        </Group>
        <Text fw={600}>{entry.positionName}</Text>
        <Text size="sm" c="dimmed" component="div">
          {t("list.appliedAt")} <Time at={entry.appliedAt} span /> · {t("entry.imported")}{" "}
          <Time at={entry.importedAt} span />
        </Text>
      </Stack>
      <Group gap="xs">
        <ActionButton
          state={possible(entry.availableActions, "ROUTE")}
          leftSection={<IconArrowRight size={16} aria-hidden />}
          onClick={() => deciding.route([entry])}
          size="xs"
        >
          {t("route.action")}
        </ActionButton>
        <ActionButton
          state={possible(entry.availableActions, "EXCLUDE")}
          leftSection={<IconBan size={16} aria-hidden />}
          onClick={() => deciding.exclude([entry])}
          loading={deciding.working}
          variant="default"
          size="xs"
        >
          {t("exclude.action")}
        </ActionButton>
        <ActionButton
          state={possible(entry.availableActions, "RESTORE")}
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          onClick={() => deciding.restore([entry])}
          loading={deciding.working}
          size="xs"
        >
          {t("restore.action")}
        </ActionButton>
        {entry.application && (
          <ButtonLink
            to="/candidates/$candidateId"
            params={{ candidateId: entry.candidate.id }}
            search={{ application: entry.application.id }}
            size="xs"
          >
            {t("entry.application")}
          </ButtonLink>
        )}
        {action?.entryCount === 1 && (
          <ActionButton
            state={possible(action.availableActions, "UNDO")}
            leftSection={<IconArrowBackUp size={16} aria-hidden />}
            onClick={() => void undo(action.id)}
            variant="default"
            size="xs"
          >
            {t("entry.undo")}
          </ActionButton>
        )}
        <TextLink to="/candidates/$candidateId" params={{ candidateId: entry.candidate.id }} size="sm">
          {t("entry.candidatePage")}
        </TextLink>
        {link && (
          <Anchor href={link} target="_blank" rel="noreferrer" size="sm">
            {t("entry.onMedium", { medium: t(`common:medium.${entry.medium}`) })}{" "}
            <IconExternalLink size={14} aria-hidden />
          </Anchor>
        )}
      </Group>
      <Stack component="section" gap="xs">
        <Title order={3} size="h5">
          {t("entry.why")}
        </Title>
        <EntryWhy why={entry.explanation} />
      </Stack>
      <Stack component="section" gap="xs">
        <Title order={3} size="h5">
          {t("entry.history")}
        </Title>
        <EntryHistory entry={entry} />
      </Stack>
      <Stack component="section" gap="xs">
        <Title order={3} size="h5">
          {t("entry.profile")}
        </Title>
        <Profile candidate={entry.candidate} />
      </Stack>
    </Stack>
  );
}

/** An address that a browser may be sent to. */
function safe(address: string | null | undefined): string | null {
  return address && /^https?:\/\//i.test(address) ? address : null;
}
