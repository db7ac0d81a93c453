import { Badge, Box, Button, Divider, Group, Stack, Text } from "@mantine/core";
import { IconDeviceDesktop } from "@tabler/icons-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import { useKeptFocus } from "../../parts/kept-focus";
import { done, useOutcome } from "../../parts/notify";
import { ListSkeleton } from "../../parts/page";
import { row } from "../../parts/rows";
import { Time } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import {
  SettingsEndOtherSessionsDocument,
  SettingsEndSessionDocument,
  type SettingsSessionFragment,
  SettingsSessionsDocument,
} from "./__generated__/account";
import { deviceOf } from "./device";
import { Section } from "./section";

/** Where the viewer is signed in, and how to end that. */
export function Sessions() {
  const { t } = useTranslation("settings");
  const outcome = useOutcome();
  const [{ data, error }, again] = useQuery({
    query: SettingsSessionsDocument,
    requestPolicy: "cache-and-network",
  });
  const [ending, endOthers] = useMutation(SettingsEndOtherSessionsDocument);
  const focus = useKeptFocus();
  const sessions = data?.viewer.sessions;
  const end = async () => {
    const { data: ended, error: trouble } = await endOthers({});
    if (outcome(trouble, ended?.endOtherSessions.errors))
      done(t("session.othersEnded", { count: ended?.endOtherSessions.endedCount ?? 0 }));
  };
  return (
    <Section
      title={t("session.title")}
      hint={t("session.hint")}
      actions={
        sessions?.some((session) => !session.current) && (
          <Button variant="default" loading={ending.fetching} onClick={end}>
            {t("session.endOthers")}
          </Button>
        )
      }
    >
      {error && !sessions && <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />}
      {!error && !sessions && <ListSkeleton lines={2} height={56} />}
      {sessions && (
        <Stack {...focus.within}>
          {sessions.map((session, i) => (
            <Fragment key={session.id}>
              {i > 0 && <Divider />}
              <SessionLine session={session} />
            </Fragment>
          ))}
        </Stack>
      )}
    </Section>
  );
}

function SessionLine({ session }: { session: SettingsSessionFragment }) {
  const { t } = useTranslation("settings");
  const outcome = useOutcome();
  const [ending, endSession] = useMutation(SettingsEndSessionDocument);
  const { browser, system } = deviceOf(session.userAgent);
  const named = browser ?? (session.userAgent || t("session.unknownBrowser"));
  const device = system ? t("session.device", { browser: named, system }) : named;
  const end = async () => {
    const { data, error } = await endSession({ id: session.id });
    if (outcome(error, data?.endSession.errors)) done(t("session.ended"));
  };
  return (
    <Group justify="space-between" gap="sm" role="group" aria-label={device} {...row}>
      <Group gap="sm" wrap="nowrap" flex="1 1 240px" align="flex-start">
        <IconDeviceDesktop size={20} stroke={1.5} aria-hidden />
        <Box>
          <Group gap="xs">
            <Text fw={500}>{device}</Text>
            {session.current && <Badge variant="light">{t("session.current")}</Badge>}
          </Group>
          <Text size="sm" c="dimmed">
            {t("session.seen")} <Time at={session.lastSeenAt} ago /> · {t("session.since")}{" "}
            <Time at={session.createdAt} /> · {session.address}
          </Text>
        </Box>
      </Group>
      <Stack w={{ base: "auto", xs: 88 }}>
        {!session.current && (
          <Button
            size="xs"
            variant="default"
            loading={ending.fetching}
            aria-label={t("session.endOf", { device, address: session.address })}
            onClick={end}
          >
            {t("session.end")}
          </Button>
        )}
      </Stack>
    </Group>
  );
}
