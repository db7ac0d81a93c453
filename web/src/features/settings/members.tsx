import { Badge, Box, Button, Divider, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch, IconUserPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { useKept } from "../../graphql/kept";
import { usePaged } from "../../graphql/paged";
import { useViewer } from "../../graphql/viewer";
import { More } from "../../parts/more";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { Time } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import { type SettingsMemberFragment, SettingsMembersDocument } from "./__generated__/members";
import { Invite } from "./invite";
import { MemberDialog } from "./member-dialog";
import { LinkShown, type OneTimeLink } from "./one-time-link";
import { SettingsNav } from "./settings-nav";

/** The company's members. */
export function Members() {
  const { t } = useTranslation("settings");
  const { search, member: opened } = useSearch({ from: "/settings/members" });
  const navigate = useNavigate({ from: "/settings/members" });
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<OneTimeLink | null>(null);
  const [typed, setTyped] = useState(search ?? "");
  const list = usePaged(SettingsMembersDocument, { first: 50, search: search ?? null }, (data) => data.members);
  const { shown, old } = useKept(list);
  const look = useDebouncedCallback(
    (words: string) => navigate({ search: (was) => ({ ...was, search: words || undefined }), replace: true }),
    250,
  );
  const type = (words: string) => {
    setTyped(words);
    look(words);
  };
  const open = (member: string | undefined) => navigate({ search: (was) => ({ ...was, member }) });
  return (
    <Page
      title={t("member.title")}
      lead={t("member.lead")}
      actions={
        <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setInviting(true)}>
          {t("member.invite")}
        </Button>
      }
    >
      <SettingsNav />
      <TextInput
        type="search"
        maw={400}
        label={t("member.search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        onChange={(event) => type(event.currentTarget.value)}
      />
      {list.error && list.nodes.length === 0 && <Trouble error={list.error} again={list.again} />}
      {shown.empty && !list.error && <ListSkeleton lines={5} height={72} />}
      {!shown.empty && shown.nodes.length === 0 && (
        <Empty title={search ? t("member.noneFound", { search }) : t("member.none")}>
          {search && (
            <Button variant="default" onClick={() => type("")}>
              {t("member.clear")}
            </Button>
          )}
        </Empty>
      )}
      {shown.nodes.length > 0 && (
        <>
          <Paper
            withBorder
            px={{ base: "md", sm: "lg" }}
            py="sm"
            role="group"
            aria-label={t("member.title")}
            aria-busy={old}
            data-old={old || undefined}
          >
            {shown.nodes.map((member, i) => (
              <Fragment key={member.id}>
                {i > 0 && <Divider />}
                <MemberLine member={member} manage={() => open(member.id)} />
              </Fragment>
            ))}
          </Paper>
          <More {...list} shown={shown.nodes.length} total={shown.total} hasNextPage={shown.hasNextPage} />
        </>
      )}
      {inviting && (
        <Invite
          close={() => setInviting(false)}
          invited={(made) => {
            setInviting(false);
            setLink(made);
          }}
        />
      )}
      {opened && !link && <MemberDialog id={opened} close={() => open(undefined)} linked={setLink} />}
      {link && <LinkShown link={link} close={() => setLink(null)} />}
    </Page>
  );
}

const colours = { ACTIVE: "teal", INVITED: "blue", DISABLED: "gray" };

function MemberLine({ member, manage }: { member: SettingsMemberFragment; manage: () => void }) {
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  const viewer = useViewer();
  return (
    <Group justify="space-between" gap="sm" py="sm" role="group" aria-label={member.name}>
      <Box flex="1 1 200px">
        <Group gap="xs">
          <Text fw={500}>{member.name}</Text>
          {member.id === viewer.member.id && <Badge variant="default">{t("member.you")}</Badge>}
          {member.status && member.status !== "ACTIVE" && (
            <Badge variant="light" color={colours[member.status]}>
              {t(`member.statuses.${member.status}`)}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {member.email}
        </Text>
      </Box>
      <Group gap={4} flex="1 1 200px">
        {member.roles.map((role) => (
          <Badge key={role} variant="default" tt="none" fw={500}>
            {common(`role.${role}`)}
          </Badge>
        ))}
      </Group>
      <Text size="sm" c="dimmed" flex="0 1 180px">
        {member.lastSignedInAt ? (
          <>
            {t("member.signedIn")} <Time at={member.lastSignedInAt} ago />
          </>
        ) : (
          t("member.never")
        )}
      </Text>
      <Stack>
        <Button size="xs" variant="default" aria-label={t("member.manageOf", { name: member.name })} onClick={manage}>
          {t("member.manage")}
        </Button>
      </Stack>
    </Group>
  );
}
