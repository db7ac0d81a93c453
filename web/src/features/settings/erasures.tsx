import { Badge, Box, Divider, Group, Text } from "@mantine/core";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { usePaged } from "../../graphql/paged";
import { More } from "../../parts/more";
import { Empty, ListSkeleton } from "../../parts/page";
import { Time } from "../../parts/time";
import { Trouble } from "../../parts/trouble";
import { SettingsErasuresDocument } from "./__generated__/privacy";
import { Section } from "./section";

/** The receipts of who was erased. */
export function Erasures() {
  const { t } = useTranslation("settings");
  const list = usePaged(SettingsErasuresDocument, { first: 20 }, (data) => data.erasures);
  return (
    <Section title={t("privacy.receipts")} hint={t("privacy.receiptsHint")}>
      {list.error && list.nodes.length === 0 && <Trouble error={list.error} again={list.again} />}
      {list.empty && !list.error && <ListSkeleton lines={3} height={64} />}
      {!list.empty && list.nodes.length === 0 && (
        <Empty title={t("privacy.noReceipts")}>{t("privacy.noReceiptsHint")}</Empty>
      )}
      {list.nodes.map(({ id, erasedAt, reason, requestedBy, counts }, i) => (
        <Fragment key={id}>
          {i > 0 && <Divider />}
          <Box>
            <Group gap="xs">
              <Text fw={500} size="sm">
                <Time at={erasedAt} />
              </Text>
              <Badge variant="default" tt="none">
                {t(`privacy.reasons.${reason}`)}
              </Badge>
              <Text size="sm">{requestedBy?.name ?? t("privacy.byRetention")}</Text>
            </Group>
            <Text size="sm">
              {t("privacy.candidates", { count: counts.candidates })} ·{" "}
              {t("privacy.entries", { count: counts.entries })} ·{" "}
              {t("privacy.applications", { count: counts.applications })}
            </Text>
            <Text size="xs" c="dimmed">
              {t("privacy.receipt")}: {id}
            </Text>
          </Box>
        </Fragment>
      ))}
      {list.nodes.length > 0 && <More shown={list.nodes.length} {...list} />}
    </Section>
  );
}
