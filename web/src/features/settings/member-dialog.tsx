import { Alert, Badge, Button, Divider, Group, Modal, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import type { Role } from "../../graphql/__generated__/schema";
import { Fact } from "../../parts/fact";
import { TextLink } from "../../parts/links";
import { done, useOutcome } from "../../parts/notify";
import { ListSkeleton } from "../../parts/page";
import { useReturnFocus } from "../../parts/return-focus";
import { Time } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import {
  SettingsChangeRolesDocument,
  type SettingsMemberFragment,
  SettingsOneMemberDocument,
} from "./__generated__/members";
import { MemberAccess } from "./member-access";
import type { OneTimeLink } from "./one-time-link";
import { RoleChoice } from "./role-choice";
import { TokenList } from "./token-list";

interface MemberDialogProps {
  id: string;
  linked: (link: OneTimeLink) => void;
  close: () => void;
}

/** A member, and all that can be done to them. */
export function MemberDialog({ id, linked, close }: MemberDialogProps) {
  useReturnFocus();
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  const [{ data, error, fetching }, again] = useQuery({
    query: SettingsOneMemberDocument,
    variables: { id },
    requestPolicy: "cache-and-network",
  });
  const read = () => again({ requestPolicy: "network-only" });
  const member = data?.node && "email" in data.node ? data.node : null;
  return (
    <Modal
      opened
      size="lg"
      title={member?.name ?? t("member.title")}
      onClose={close}
      closeButtonProps={{ "aria-label": common("confirm.close") }}
    >
      {error && !member && <Trouble error={error} again={read} />}
      {fetching && !member && <ListSkeleton lines={6} height={40} />}
      {!fetching && !error && !member && <Text>{t("member.gone")}</Text>}
      {member && (
        <Stack gap="lg">
          <Facts member={member} />
          {/* Somebody else's change begins the choice anew. */}
          <Roles key={member.revision} member={member} read={read} />
          <Divider />
          <MemberAccess member={member} linked={linked} />
          <Divider />
          <Stack gap="sm">
            <Title order={2} size="h5">
              {t("member.tokens")}
            </Title>
            {member.tokens?.length ? (
              <TokenList tokens={member.tokens} />
            ) : (
              <Text size="sm" c="dimmed">
                {t("member.noTokens")}
              </Text>
            )}
          </Stack>
          <TextLink size="sm" to="/settings/audit" search={{ member: member.id }}>
            {t("member.activity")}
          </TextLink>
        </Stack>
      )}
    </Modal>
  );
}

function Facts({ member }: { member: SettingsMemberFragment }) {
  const { t } = useTranslation("settings");
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: 2 }} m={0} spacing="xs">
      <Fact name={t("member.email")}>{member.email}</Fact>
      {member.status && (
        <Fact name={t("member.status")}>
          <Badge component="span" variant="default">
            {t(`member.statuses.${member.status}`)}
          </Badge>
        </Fact>
      )}
      {member.invitedAt && (
        <Fact name={t("member.invitedAt")}>
          <Time at={member.invitedAt} />
        </Fact>
      )}
      {member.joinedAt && (
        <Fact name={t("member.joinedAt")}>
          <Time at={member.joinedAt} />
        </Fact>
      )}
      <Fact name={t("member.signedIn")}>
        {member.lastSignedInAt ? <Time at={member.lastSignedInAt} /> : t("member.never")}
      </Fact>
    </SimpleGrid>
  );
}

function Roles({ member, read }: { member: SettingsMemberFragment; read: () => void }) {
  const { t } = useTranslation("settings");
  const outcome = useOutcome();
  const [roles, setRoles] = useState<readonly Role[]>(member.roles);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [changing, change] = useMutation(SettingsChangeRolesDocument);
  const state = member.availableActions?.find((each) => each.action === "CHANGE_ROLES");
  const same = [...roles].sort().join() === [...member.roles].sort().join();
  const save = async () => {
    const { data, error } = await change({ id: member.id, roles: [...roles], expectedRevision: member.revision });
    const errors = data?.updateMemberRoles.errors ?? [];
    if (errors.some((e) => e.code === "REVISION_CONFLICT")) {
      outcome(undefined, [{ code: "REVISION_CONFLICT", message: t("member.conflict") }]);
      read();
    } else if (errors[0]) setTrouble(errors.map((e) => e.message).join(" "));
    else if (outcome(error, [])) done(t("member.rolesSaved", { name: member.name }));
  };
  return (
    <Stack gap="xs">
      <RoleChoice
        value={roles}
        onChange={(chosen) => {
          setTrouble(null);
          setRoles(chosen);
        }}
        locked={state && !state.enabled ? (state.reason ?? null) : null}
      />
      {trouble && (
        <Alert role="alert" color="red">
          {trouble}
        </Alert>
      )}
      {state?.enabled && (
        <Group>
          <Button onClick={save} disabled={same} loading={changing.fetching}>
            {t("member.saveRoles")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
