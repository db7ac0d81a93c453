import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import { useServerNow } from "../../graphql/clock";
import { usePaged } from "../../graphql/paged";
import { More } from "../../parts/more";
import { done, useOutcome } from "../../parts/notify";
import { ListSkeleton } from "../../parts/page";
import { Time } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import {
  DeliveriesOfDocument,
  type DeliveriesOfQuery,
  DeliveryNowDocument,
  DeliveryReplayDocument,
  type DeliveryShownFragment,
} from "./__generated__/deliveries";
import { isMoving } from "./moving";

const colors = { PENDING: "blue", SENT: "teal", FAILED: "orange", GIVEN_UP: "red", OVERTAKEN: "gray" } as const;
const lookEvery = 1_000;

function page(data: DeliveriesOfQuery) {
  return data.node && "deliveries" in data.node ? data.node.deliveries : null;
}

/** What was sent about an incident or to an endpoint, the latest first. */
export function Deliveries({ of, label }: { of: string; label: string }) {
  const { t } = useTranslation("incidents");
  const list = usePaged(DeliveriesOfDocument, { id: of }, page);
  if (list.error && list.empty) return <Trouble error={list.error} again={list.again} />;
  if (list.empty) return <ListSkeleton lines={2} height={52} />;
  if (list.nodes.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("deliveries.none")}
      </Text>
    );
  }
  return (
    <Stack gap="xs">
      <Stack component="ul" gap={0} m={0} p={0} aria-label={label} style={{ listStyle: "none" }}>
        {list.nodes.map((delivery) => (
          <Delivery key={delivery.id} delivery={delivery} />
        ))}
      </Stack>
      <More
        shown={list.nodes.length}
        total={list.total}
        hasNextPage={list.hasNextPage}
        loading={list.loading}
        error={list.error}
        next={list.next}
        again={list.again}
      />
    </Stack>
  );
}

/** Nobody tells of deliveries: while one may change at any moment, it is looked at again and again. */
function useFollowed({ id, state, nextAt }: DeliveryShownFragment) {
  const moving = isMoving(state, nextAt, useServerNow(5_000));
  const [, look] = useQuery({ query: DeliveryNowDocument, variables: { id }, pause: true });
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(() => look({ requestPolicy: "network-only" }), lookEvery);
    return () => clearInterval(timer);
  }, [moving, look]);
}

function Delivery({ delivery }: { delivery: DeliveryShownFragment }) {
  const { t } = useTranslation("incidents");
  useFollowed(delivery);
  const what = delivery.incident?.title ?? t(`deliveries.phase.${delivery.phase}`);
  const name = delivery.endpoint?.name ?? delivery.member?.name ?? "";
  return (
    <Group
      component="li"
      justify="space-between"
      gap="xs"
      py="xs"
      style={{ borderTop: "1px solid var(--mantine-color-default-border)" }}
    >
      <Stack gap={2} flex="1 1 240px">
        <Group gap="xs">
          <Badge variant="light" color={colors[delivery.state]} tt="none">
            {t(`deliveries.state.${delivery.state}`)}
          </Badge>
          <Text size="sm" fw={500}>
            {what}
          </Text>
          {delivery.incident && (
            <Text size="sm" c="dimmed">
              {t(`deliveries.phase.${delivery.phase}`)}
            </Text>
          )}
        </Group>
        <Group gap="sm" style={{ rowGap: 0 }} fz="sm" c="dimmed">
          <Text inherit>{t("deliveries.to", { name, channel: t(`deliveries.channel.${delivery.channel}`) })}</Text>
          <Text inherit>{t("deliveries.attempts", { count: delivery.attempts })}</Text>
          {delivery.status !== null && <Text inherit>{t("deliveries.status", { status: delivery.status })}</Text>}
          <Text inherit>
            {t(delivery.triedAt ? "deliveries.tried" : "deliveries.made")}:{" "}
            <Time at={delivery.triedAt ?? delivery.createdAt} />
          </Text>
          {delivery.nextAt && delivery.state === "FAILED" && (
            <Text inherit>
              {t("deliveries.next")}: <Time at={delivery.nextAt} />
            </Text>
          )}
        </Group>
        {delivery.message && <Text size="sm">{delivery.message}</Text>}
      </Stack>
      {delivery.replayable && <Replay id={delivery.id} what={what} />}
    </Group>
  );
}

function Replay({ id, what }: { id: string; what: string }) {
  const { t } = useTranslation("incidents");
  const outcome = useOutcome();
  const [{ fetching }, replay] = useMutation(DeliveryReplayDocument);
  const send = async () => {
    const { data, error } = await replay({ id });
    if (outcome(error, data?.replayNotification.errors)) done(t("deliveries.replayed"));
  };
  return (
    <Button
      size="xs"
      variant="default"
      loading={fetching}
      aria-label={t("deliveries.replayOf", { what })}
      onClick={() => void send()}
    >
      {t("deliveries.replay")}
    </Button>
  );
}
