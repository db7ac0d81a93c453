import { Box, Button, Stack } from "@mantine/core";
import { IconDownload, IconPlus, IconRoute, IconUpload } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubscription } from "urql";
import { useKept } from "../../graphql/kept";
import { usePaged } from "../../graphql/paged";
import { useMay } from "../../graphql/viewer";
import { addTexts } from "../../i18n";
import { useKeptFocus } from "../../parts/kept-focus";
import { media, oneOf } from "../../parts/media";
import { More } from "../../parts/more";
import { Empty, ListSkeleton, Page } from "../../parts/page";
import { Trouble } from "../../parts/trouble";
import {
  RulesInboxChangedDocument,
  type RulesLineFragment,
  RulesListDocument,
  type RulesSavedFragment,
} from "./__generated__/rules";
import { Deletion } from "./deletion";
import { en } from "./en";
import { FileDialog } from "./file-dialog";
import { Filters, healths, type RuleFilter } from "./filters";
import { ja } from "./ja";
import { RuleList } from "./list";
import { RuleDialog } from "./rule-dialog";
import { SavedNotice } from "./saved-notice";

addTexts("rules", { ja, en });

interface RuleSearch {
  search?: string;
  medium?: string;
  opening?: string;
  health?: string;
  position?: string;
}

/** What the address narrows the list by. With a position, medium and opening fill the form in instead. */
function filterOf({ search, medium, opening, health, position }: RuleSearch) {
  return {
    search,
    medium: position ? undefined : oneOf(media, medium),
    opening: position ? undefined : opening,
    health: oneOf(healths, health),
  } satisfies RuleFilter;
}

export function Rules() {
  const { t } = useTranslation("rules");
  const { t: common, i18n } = useTranslation();
  const may = useMay();
  const navigate = useNavigate({ from: "/rules" });
  const search = useSearch({ from: "/rules" });
  const { new: creating, edit: editing, position } = search;
  const opened = may("MANAGE_RULES") && Boolean(creating || editing);
  const filter = filterOf(search);
  const rules = usePaged(
    RulesListDocument,
    {
      medium: filter.medium ?? null,
      openingId: filter.opening ?? null,
      search: filter.search ?? null,
      health: filter.health ?? null,
    },
    (data) => data.routingRules,
  );
  const { shown, old } = useKept(rules);
  useSubscription({ query: RulesInboxChangedDocument });
  const [saved, setSaved] = useState<{ what: RulesSavedFragment; isNew: boolean } | null>(null);
  const [deleting, setDeleting] = useState<RulesLineFragment | null>(null);
  const [importing, setImporting] = useState(false);
  const focus = useKeptFocus();

  const filtered = Object.values(filter).some(Boolean);
  const go = (to: Partial<typeof search>) => navigate({ search: { ...filter, ...to } as typeof search });
  const create = () => go({ new: "1" });
  const edit = (ruleId: string) => go({ edit: ruleId });

  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        may("MANAGE_RULES") && (
          <>
            <Button
              component="a"
              href={`/routing-rules.csv?lang=${i18n.language}`}
              download
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {common("download")}
            </Button>
            <Button
              variant="default"
              leftSection={<IconUpload size={16} aria-hidden />}
              onClick={() => setImporting(true)}
            >
              {t("file.open")}
            </Button>
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create}>
              {t("create")}
            </Button>
          </>
        )
      }
    >
      {saved && (
        <SavedNotice
          key={`${saved.what.rule?.id} ${saved.what.rule?.revision}`}
          saved={saved.what}
          isNew={saved.isNew}
          close={() => setSaved(null)}
        />
      )}
      <Filters
        filter={filter}
        change={(by) => navigate({ search: (now) => ({ ...filterOf(now), ...by }) as typeof search, replace: true })}
      />
      {rules.error && shown.nodes.length === 0 && <Trouble error={rules.error} again={rules.again} />}
      {shown.empty && !rules.error && <ListSkeleton height={56} />}
      {!shown.empty && (
        <Box role="group" aria-label={t("title")} aria-busy={old} data-old={old || undefined} {...focus.within}>
          {shown.nodes.length > 0 ? (
            <Stack gap="md">
              <RuleList rules={shown.nodes} edit={edit} remove={setDeleting} />
              <More
                shown={shown.nodes.length}
                total={shown.total}
                hasNextPage={shown.hasNextPage}
                loading={rules.loading}
                error={rules.error}
                next={rules.next}
                again={rules.again}
              />
            </Stack>
          ) : (
            <Empty
              icon={<IconRoute size={40} stroke={1.2} aria-hidden />}
              title={filtered ? t("empty.none") : t("empty.title")}
            >
              <Stack align="center" gap="md">
                {filtered ? t("empty.noneText") : t("empty.text")}
                {filtered ? (
                  <Button variant="default" onClick={() => navigate({ search: {} })}>
                    {t("filter.clear")}
                  </Button>
                ) : (
                  may("MANAGE_RULES") && <Button onClick={create}>{t("create")}</Button>
                )}
              </Stack>
            </Empty>
          )}
        </Box>
      )}
      <RuleDialog
        opened={opened}
        ruleId={editing ?? null}
        initial={{
          medium: oneOf(media, search.medium) ?? "WANTEDLY",
          positionName: position ?? "",
          openingId: search.opening ?? null,
        }}
        saved={(what) => {
          setSaved({ what, isNew: !editing });
          go({});
        }}
        edit={edit}
        close={() => go({})}
      />
      {deleting && <Deletion rule={deleting} close={() => setDeleting(null)} />}
      <FileDialog opened={importing} close={() => setImporting(false)} />
    </Page>
  );
}
