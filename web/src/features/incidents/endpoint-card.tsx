import { Badge, Button, Collapse, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation } from "urql";
import { ActionButton } from "../../parts/action-button";
import { done, useOutcome } from "../../parts/notify";
import { row } from "../../parts/rows";
import { Time } from "../../parts/time";
import {
  EndpointDisableDocument,
  EndpointEnableDocument,
  EndpointRemoveDocument,
  EndpointRotateDocument,
  type EndpointShownFragment,
  EndpointTestDocument,
} from "./__generated__/endpoints";
import { Confirm } from "./confirm";
import { Deliveries } from "./deliveries";
import { EndpointDialog } from "./endpoint-dialog";
import type { ShownSecret } from "./secret-dialog";

interface EndpointCardProps {
  endpoint: EndpointShownFragment;
  shown: (secret: ShownSecret) => void;
}

/** A place where the company is told: what of, what can be done to it, and what was sent there. */
export function EndpointCard({ endpoint, shown }: EndpointCardProps) {
  const { t } = useTranslation("incidents");
  const [log, setLog] = useState(false);
  const [heading, content] = [useId(), useId()];
  return (
    <Paper component="article" withBorder p="md" aria-labelledby={heading} {...row}>
      <Stack gap="sm">
        <Group gap="xs">
          <Title order={2} size="h5" id={heading}>
            {endpoint.name}
          </Title>
          <Badge variant="default" tt="none">
            {t(`deliveries.channel.${endpoint.channel}`)}
          </Badge>
          <Badge variant="light" color={endpoint.disabledAt ? "gray" : "teal"} tt="none">
            {t(endpoint.disabledAt ? "endpoints.disabled" : "endpoints.enabled")}
          </Badge>
        </Group>
        <Stack gap={2} fz="sm" c="dimmed">
          <Text inherit>
            {t("endpoints.address")}: {endpoint.host}
          </Text>
          <Text inherit>
            {t("endpoints.tells")}: {endpoint.kinds.map((kind) => t(`kind.${kind}`)).join(" · ")}
          </Text>
          {endpoint.channel === "SLACK" && (
            <Text inherit>
              {t("endpoints.language")}: {t(`endpoints.languages.${endpoint.language}`)}
            </Text>
          )}
          {endpoint.disabledAt && (
            <Text inherit>
              {t("endpoints.disabledSince")}: <Time at={endpoint.disabledAt} />
            </Text>
          )}
        </Stack>
        <Actions endpoint={endpoint} shown={shown} tested={() => setLog(true)} />
        <div>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            aria-expanded={log}
            aria-controls={content}
            rightSection={
              <IconChevronDown size={14} aria-hidden style={{ transform: log ? "rotate(180deg)" : undefined }} />
            }
            onClick={() => setLog(!log)}
          >
            {t("deliveries.log")}
          </Button>
          <Collapse expanded={log} id={content} pt="xs">
            {log && <Deliveries of={endpoint.id} label={t("deliveries.log")} />}
          </Collapse>
        </div>
      </Stack>
    </Paper>
  );
}

function Actions({ endpoint, shown, tested }: EndpointCardProps & { tested: () => void }) {
  const { t } = useTranslation("incidents");
  const outcome = useOutcome();
  const [asks, setAsks] = useState<"nothing" | "edit" | "rotate" | "remove">("nothing");
  const [testing, test] = useMutation(EndpointTestDocument);
  const [disabling, disable] = useMutation(EndpointDisableDocument);
  const [enabling, enable] = useMutation(EndpointEnableDocument);
  const [rotating, rotate] = useMutation(EndpointRotateDocument);
  const [removing, remove] = useMutation(EndpointRemoveDocument);
  const state = (action: string) => endpoint.availableActions.find((each) => each.action === action);
  const possible = (action: string) => (state(action)?.enabled ? state(action) : undefined);
  const { id, name } = endpoint;
  const close = () => setAsks("nothing");

  const sendTest = async () => {
    const { data, error } = await test({ id });
    if (!outcome(error, data?.sendTestNotification.errors)) return;
    done(t("endpoints.tested"));
    tested();
  };
  const turnOff = async () => {
    const { data, error } = await disable({ id });
    if (outcome(error, data?.disableNotificationEndpoint.errors)) done(t("endpoints.disabledNow"));
  };
  const turnOn = async () => {
    const { data, error } = await enable({ id });
    if (outcome(error, data?.enableNotificationEndpoint.errors)) done(t("endpoints.enabledNow"));
  };
  const renew = async () => {
    const { data, error } = await rotate({ id });
    close();
    const made = data?.rotateNotificationSecret;
    if (outcome(error, made?.errors) && made?.secret) shown({ name, text: made.secret, rotated: true });
  };
  const destroy = async () => {
    const { data, error } = await remove({ id });
    close();
    if (outcome(error, data?.removeNotificationEndpoint.errors)) done(t("endpoints.removed"));
  };
  return (
    <Group gap="xs">
      <ActionButton size="xs" variant="light" state={state("TEST")} loading={testing.fetching} onClick={sendTest}>
        {t("endpoints.action.TEST")}
      </ActionButton>
      <ActionButton size="xs" variant="default" state={state("UPDATE")} onClick={() => setAsks("edit")}>
        {t("endpoints.action.UPDATE")}
      </ActionButton>
      <ActionButton
        size="xs"
        variant="default"
        state={possible("DISABLE")}
        loading={disabling.fetching}
        onClick={turnOff}
      >
        {t("endpoints.action.DISABLE")}
      </ActionButton>
      <ActionButton size="xs" variant="default" state={possible("ENABLE")} loading={enabling.fetching} onClick={turnOn}>
        {t("endpoints.action.ENABLE")}
      </ActionButton>
      <ActionButton
        size="xs"
        variant="default"
        state={possible("ROTATE_SECRET")}
        loading={rotating.fetching}
        onClick={() => setAsks("rotate")}
      >
        {t("endpoints.action.ROTATE_SECRET")}
      </ActionButton>
      <ActionButton size="xs" variant="default" state={state("REMOVE")} onClick={() => setAsks("remove")}>
        {t("endpoints.action.REMOVE")}
      </ActionButton>
      {asks === "edit" && <EndpointDialog endpoint={endpoint} close={close} shown={shown} />}
      {asks === "rotate" && (
        <Confirm
          title={t("rotate.title")}
          what={t("rotate.what", { name })}
          confirm={t("rotate.confirm")}
          busy={rotating.fetching}
          go={renew}
          close={close}
        />
      )}
      {asks === "remove" && (
        <Confirm
          title={t("remove.title")}
          what={t("remove.what", { name })}
          confirm={t("remove.confirm")}
          color="red"
          busy={removing.fetching}
          go={destroy}
          close={close}
        />
      )}
    </Group>
  );
}
