import { Button, Stack, Text } from "@mantine/core";
import { IconBellPlus, IconPlus } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useKeptFocus } from "../../parts/kept-focus";
import { TextLink } from "../../parts/links";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import { SettingsNav } from "../settings/settings-nav";
import { EndpointsListDocument } from "./__generated__/endpoints";
import { EndpointCard } from "./endpoint-card";
import { EndpointDialog } from "./endpoint-dialog";
import { SecretDialog, type ShownSecret } from "./secret-dialog";

/** 通知先: where the company is told, beside the members' mail. */
export function Notifications() {
  const { t } = useTranslation("incidents");
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<ShownSecret | null>(null);
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t("endpoints.add")}
    </Button>
  );
  return (
    <Page title={t("endpoints.title")} lead={t("endpoints.lead")} actions={add}>
      <SettingsNav />
      <Endpoints add={add} shown={setSecret} />
      <Text size="sm" c="dimmed">
        {t("endpoints.ownMail")}{" "}
        <TextLink to="/settings" inherit underline="always">
          {t("endpoints.toAccount")}
        </TextLink>
      </Text>
      {adding && <EndpointDialog close={() => setAdding(false)} shown={setSecret} />}
      {secret && <SecretDialog secret={secret} close={() => setSecret(null)} />}
    </Page>
  );
}

function Endpoints({ add, shown }: { add: ReactNode; shown: (secret: ShownSecret) => void }) {
  const { t } = useTranslation("incidents");
  const [{ data, error }, again] = useQuery({ query: EndpointsListDocument, requestPolicy: "cache-and-network" });
  const focus = useKeptFocus();
  if (error && !data) return <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />;
  if (!data) return <ListSkeleton lines={2} height={150} />;
  if (data.notificationEndpoints.length === 0) {
    return (
      <Empty icon={<IconBellPlus size={40} stroke={1.4} aria-hidden />} title={t("endpoints.none")}>
        <Stack align="center">
          {t("endpoints.noneHint")}
          {add}
        </Stack>
      </Empty>
    );
  }
  return (
    <Stack {...focus.within}>
      {data.notificationEndpoints.map((endpoint) => (
        <EndpointCard key={endpoint.id} endpoint={endpoint} shown={shown} />
      ))}
    </Stack>
  );
}
