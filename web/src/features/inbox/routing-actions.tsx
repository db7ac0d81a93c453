import { Badge, Button, Card, Group, Modal, Stack, Text } from "@mantine/core";
import { IconArrowBackUp, IconArrowLeft, IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubscription } from "urql";
import { useOver } from "../../graphql/clock";
import { usePaged } from "../../graphql/paged";
import { ActionButton, possible } from "../../parts/action-button";
import { ButtonLink, TextLink } from "../../parts/links";
import { More } from "../../parts/more";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { Time, timeOf } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import { InboxLiveDocument } from "./__generated__/inbox";
import { type InboxActionFragment, InboxActionsDocument } from "./__generated__/routing";
import classes from "./inbox.module.css";
import { useUndo } from "./undo";

/** What was done to the inbox, by whom, and a way back. */
export function RoutingActions() {
  const { t } = useTranslation(["inbox", "common"]);
  useSubscription({ query: InboxLiveDocument });
  const list = usePaged(InboxActionsDocument, {}, (data) => data.routingActions);
  const [asking, setAsking] = useState<InboxActionFragment | null>(null);
  return (
    <Page
      title={t("actions.title")}
      lead={t("actions.lead")}
      actions={
        <ButtonLink to="/inbox" variant="default" leftSection={<IconArrowLeft size={16} aria-hidden />}>
          {t("actions.back")}
        </ButtonLink>
      }
    >
      {list.error && list.nodes.length === 0 && <Trouble error={list.error} again={list.again} />}
      {list.empty && !list.error && <ListSkeleton lines={6} height={64} />}
      {!list.empty && list.nodes.length === 0 && (
        <Empty icon={<IconHistory size={40} stroke={1.2} aria-hidden />} title={t("actions.empty")}>
          {t("actions.emptyHint")}
        </Empty>
      )}
      {list.nodes.length > 0 && (
        <>
          <ul className={classes.positions} aria-label={t("actions.title")}>
            {list.nodes.map((action) => (
              <Card key={action.id} component="li" withBorder p="sm">
                <Action action={action} again={list.again} undo={() => setAsking(action)} />
              </Card>
            ))}
          </ul>
          <More
            shown={list.nodes.length}
            total={list.total}
            hasNextPage={list.hasNextPage}
            loading={list.loading}
            error={list.error}
            next={list.next}
            again={list.again}
          />
        </>
      )}
      {asking && <UndoDialog action={asking} close={() => setAsking(null)} />}
    </Page>
  );
}

interface ActionProps {
  action: InboxActionFragment;
  again: () => void;
  undo: () => void;
}

function Action({ action, again, undo }: ActionProps) {
  const { t, i18n } = useTranslation(["inbox", "common"]);
  const { kind, entryCount, opening, rule, member, availableActions, undoableUntil, undone, undoneAt, undoneBy } =
    action;
  const until = timeOf(undoableUntil, i18n.language);
  const open = possible(availableActions, "UNDO");
  useOver(open ? undoableUntil : null, again);
  return (
    <div className={classes.position}>
      <div>
        <Group gap="xs">
          <Text fw={600}>{t(`actions.kind.${kind}`)}</Text>
          <Badge variant="light" tt="none">
            {t("people", { count: entryCount })}
          </Badge>
          {opening && (
            <TextLink to="/openings/$openingId" params={{ openingId: opening.id }} size="sm">
              {t("actions.to", { opening: opening.name })}
            </TextLink>
          )}
          {rule && (
            <TextLink to="/rules" search={{ edit: rule.id }} size="sm">
              {t("actions.ruleOf", { name: rule.positionName })}
            </TextLink>
          )}
        </Group>
        <Text size="sm" c="dimmed" component="div">
          {member.name} · <Time at={action.at} span />
        </Text>
      </div>
      <Group gap="sm" className={classes.ways ?? ""}>
        {undone && undoneAt && (
          <Text size="sm" component="div">
            {undoneBy ? t("actions.undone", { name: undoneBy.name }) : t("actions.undoneAlone")} ·{" "}
            <Time at={undoneAt} ago span />
          </Text>
        )}
        {open && (
          <>
            <Text size="sm" c="dimmed" className="numbers">
              {t("actions.until", { time: until })}
            </Text>
            <ActionButton
              state={open}
              size="xs"
              variant="light"
              leftSection={<IconArrowBackUp size={16} aria-hidden />}
              onClick={undo}
            >
              {t("common:undo")}
            </ActionButton>
          </>
        )}
        {!undone && !open && (
          <Text size="sm" c="dimmed">
            {t("actions.over")}
          </Text>
        )}
      </Group>
    </div>
  );
}

const byRule: readonly InboxActionFragment["kind"][] = ["RULE", "RULES_IMPORTED", "OPENING_REOPENED"];

function UndoDialog({ action, close }: { action: InboxActionFragment; close: () => void }) {
  const { t } = useTranslation(["inbox", "common"]);
  const undo = useUndo();
  const [working, setWorking] = useState(false);
  return (
    <Modal
      opened
      onClose={close}
      title={t("actions.confirmTitle")}
      closeButtonProps={{ "aria-label": t("common:confirm.close") }}
    >
      <Stack>
        <Text>{t("actions.confirm", { count: action.entryCount, kind: t(`actions.kind.${action.kind}`) })}</Text>
        {byRule.includes(action.kind) && <Text size="sm">{t("actions.confirmRule")}</Text>}
        <Text size="sm" c="dimmed">
          {t("actions.confirmKept")}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("common:confirm.cancel")}
          </Button>
          <Button
            loading={working}
            data-autofocus
            onClick={async () => {
              setWorking(true);
              await undo(action.id);
              close();
            }}
          >
            {t("common:undo")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
