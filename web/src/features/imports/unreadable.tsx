import { Button, Checkbox, Group, Select } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useSubscription } from "urql";
import { usePaged } from "../../graphql/paged";
import { useMay } from "../../graphql/viewer";
import { possible } from "../../parts/action-button";
import { ButtonLink, TextLink } from "../../parts/links";
import { More } from "../../parts/more";
import { done, refused, useOutcome } from "../../parts/notify";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import { ImportsChangedDocument } from "./__generated__/imports";
import { ImportsRetryUnreadableDocument, ImportsUnreadableDocument } from "./__generated__/unreadable";
import { Record } from "./record";
import classes from "./run-list.module.css";

const states = ["OPEN", "RETRYING", "RESOLVED"] as const;

/** As many as the API asks for again at once. */
const most = 100;

/** 読み取れなかった応募: all that could not be read, and asking for it again. */
export function Unreadable() {
  const { t } = useTranslation("imports");
  const search = useSearch({ from: "/imports/unreadable" });
  const navigate = useNavigate({ from: "/imports/unreadable" });
  const recruits = useMay()("WORK_INBOX");
  const state = states.find((each) => each === search.state) ?? null;
  const accountId = search.account ?? null;
  const list = usePaged(ImportsUnreadableDocument, { accountId, state, recruits }, (data) => data.invalidRecords);
  // A record is read again by a run. What was being read when that ended may be older than its end: once more, then.
  const [{ data: changed }] = useSubscription({ query: ImportsChangedDocument, variables: { accountId } });
  const { again } = list;
  useEffect(() => {
    if (!changed) return;
    const timer = setTimeout(again, 1_000);
    return () => clearTimeout(timer);
  }, [changed, again]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const open = list.nodes.filter((record) => possible(record.availableActions, "RETRY")).slice(0, most);
  const selected = open.filter((record) => chosen.has(record.id)).map((record) => record.id);
  const select = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <Page title={t("unreadable.title")} lead={t("unreadable.lead")}>
      <TextLink to="/imports" size="sm">
        {t("unreadable.back")}
      </TextLink>
      <Select
        label={t("unreadable.state.label")}
        maw={240}
        allowDeselect={false}
        data={[
          { value: "", label: t("unreadable.state.all") },
          ...states.map((each) => ({ value: each, label: t(`unreadable.state.${each}`) })),
        ]}
        value={state ?? ""}
        onChange={(next) =>
          void navigate({ search: ({ state: _, ...rest }) => (next ? { ...rest, state: next } : rest) })
        }
      />
      {list.error && list.nodes.length === 0 && <Trouble error={list.error} again={list.again} />}
      {list.empty && !list.error && <ListSkeleton height={72} />}
      {!list.empty && list.nodes.length === 0 && (
        <Empty title={state || accountId ? t("unreadable.noneSo") : t("unreadable.none")}>
          {(state || accountId) && (
            <ButtonLink to="/imports/unreadable" search={{}} variant="default">
              {t("unreadable.clear")}
            </ButtonLink>
          )}
        </Empty>
      )}
      {list.nodes.length > 0 && (
        <>
          <Group justify="space-between" mih={36}>
            <Checkbox
              label={t("unreadable.selectAll")}
              disabled={open.length === 0}
              checked={open.length > 0 && selected.length === open.length}
              indeterminate={selected.length > 0 && selected.length < open.length}
              onChange={(event) => setChosen(new Set(event.currentTarget.checked ? open.map(({ id }) => id) : []))}
            />
            <Retry ids={selected} asked={() => setChosen(new Set())} />
          </Group>
          <ul className={classes.list} aria-label={t("unreadable.title")}>
            {list.nodes.map((record) => (
              <Record key={record.id} record={record}>
                <Checkbox
                  mt={4}
                  aria-label={t("unreadable.select", { number: record.externalId })}
                  disabled={!open.includes(record)}
                  checked={selected.includes(record.id)}
                  onChange={(event) => select(record.id, event.currentTarget.checked)}
                />
              </Record>
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
    </Page>
  );
}

function Retry({ ids, asked }: { ids: readonly string[]; asked: () => void }) {
  const { t } = useTranslation("imports");
  const outcome = useOutcome();
  const [{ fetching }, retry] = useMutation(ImportsRetryUnreadableDocument);
  const ask = async () => {
    const { data, error } = await retry({ ids });
    const payload = data?.retryInvalidRecords;
    if (!outcome(error, payload?.errors) || !payload) return;
    for (const message of new Set(payload.refused.map((each) => each.message))) refused(message);
    if (payload.records.length > 0) done(t("unreadable.asked", { count: payload.records.length }));
    asked();
  };
  return (
    <Button onClick={() => void ask()} loading={fetching} disabled={ids.length === 0}>
      {ids.length > 0 ? t("unreadable.retry", { count: ids.length }) : t("unreadable.retry")}
    </Button>
  );
}
