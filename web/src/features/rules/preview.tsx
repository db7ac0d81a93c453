import { Alert, Box, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconArrowsSplit2 } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { Preview } from "./use-preview";

interface PreviewProps {
  preview: Preview | null;
  /** Whether it is of what is entered now. */
  current: boolean;
  /** Puts a name that nearly fits in place of what is entered. */
  take: (positionName: string) => void;
  /** Opens the rule that is in the way. */
  edit: (ruleId: string) => void;
}

/** What saving the rule would do, while it is being written. */
export function RulePreview({ preview, current, take, edit }: PreviewProps) {
  const { t } = useTranslation("rules");
  const heading = useId();
  return (
    <Box
      component="section"
      aria-labelledby={heading}
      aria-busy={preview !== null && !current}
      p="md"
      bg="var(--mantine-color-default-hover)"
      bdrs="md"
      mih={220}
    >
      <Stack gap="sm">
        <Title order={3} size="h5" id={heading}>
          {t("preview.title")}
        </Title>
        {preview ? (
          <Box style={{ opacity: current ? 1 : 0.75 }}>
            <Answer preview={preview} take={take} edit={edit} />
          </Box>
        ) : (
          <Text size="sm" c="dimmed">
            {t("preview.start")}
          </Text>
        )}
      </Stack>
    </Box>
  );
}

function Answer({ preview, take, edit }: { preview: Preview } & Pick<PreviewProps, "take" | "edit">) {
  const { t } = useTranslation("rules");
  const { conflictsWith, openingClosed, errors, nearNames, wouldHaveCaught, wouldMiss } = preview;
  const possible = !conflictsWith && !openingClosed && errors.length === 0;
  return (
    <Stack gap="md">
      <Box role="status">
        {conflictsWith && (
          <Warning title={t("preview.conflict")}>
            <Text size="sm">
              {t("preview.conflictText", { name: conflictsWith.positionName, opening: conflictsWith.opening.name })}
            </Text>
            <Button size="xs" variant="default" onClick={() => edit(conflictsWith.id)}>
              {t("preview.conflictEdit")}
            </Button>
          </Warning>
        )}
        {!conflictsWith && openingClosed && <Warning title={t("preview.closed")} />}
        {!conflictsWith &&
          !openingClosed &&
          errors.map((error) => <Warning key={`${error.code} ${error.message}`} title={error.message} />)}
        {possible && <Routed preview={preview} />}
      </Box>
      {nearNames.length > 0 && (
        <Names title={t("preview.near")} text={t("preview.nearText")} names={nearNames} take={take} />
      )}
      {wouldHaveCaught.count > 0 && (
        <Box>
          <Text size="sm">{t("preview.caught", { count: wouldHaveCaught.count })}</Text>
          <People
            names={wouldHaveCaught.examples.map((entry) => ({ id: entry.id, name: entry.candidate.name }))}
            total={wouldHaveCaught.count}
          />
        </Box>
      )}
      {wouldMiss.length > 0 && <Names title={t("preview.miss")} names={wouldMiss} take={take} />}
    </Stack>
  );
}

function Routed({ preview }: { preview: Preview }) {
  const { t } = useTranslation("rules");
  if (preview.wouldRoute === 0)
    return (
      <Box>
        <Text fw={600}>{t("preview.routesNone")}</Text>
        <Text size="sm" c="dimmed">
          {t("preview.routesNoneText")}
        </Text>
      </Box>
    );
  return (
    <Box>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <IconArrowsSplit2 size={22} aria-hidden />
        <Text fw={600}>{t("preview.routes", { count: preview.wouldRoute })}</Text>
      </Group>
      <People
        names={preview.entries.map((entry) => ({ id: entry.id, name: entry.candidate.name }))}
        total={preview.wouldRoute}
      />
    </Box>
  );
}

function Warning({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Alert color="orange" variant="light" icon={<IconAlertTriangle aria-hidden />} title={title}>
      {children && (
        <Stack gap="xs" align="flex-start">
          {children}
        </Stack>
      )}
    </Alert>
  );
}

/** A few of many, by name. */
function People({ names, total }: { names: { id: string; name: string }[]; total: number }) {
  const { t } = useTranslation("rules");
  return (
    <Group gap="xs" mt={4} fz="sm" c="dimmed">
      {names.map(({ id, name }) => (
        <span key={id}>{name}</span>
      ))}
      {total > names.length && <span>{t("preview.more", { count: total - names.length })}</span>}
    </Group>
  );
}

interface NamesProps {
  title: string;
  text?: string;
  names: Preview["nearNames"];
  take: (positionName: string) => void;
}

/** Names that nearly fit, each to be taken instead. */
function Names({ title, text, names, take }: NamesProps) {
  const { t } = useTranslation("rules");
  return (
    <Box>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {text && (
        <Text size="xs" c="dimmed">
          {text}
        </Text>
      )}
      <Stack component="ul" gap={4} mt={6} p={0} style={{ listStyle: "none" }}>
        {names.map(({ normalizedPositionName, positionName, count }) => (
          <Group component="li" key={normalizedPositionName} justify="space-between" gap="xs" wrap="nowrap">
            <Text size="sm">
              {positionName}{" "}
              <Text span size="sm" c="dimmed">
                {t("preview.people", { count })}
              </Text>
            </Text>
            <Button
              size="compact-sm"
              variant="default"
              flex="none"
              aria-label={t("preview.takeOf", { name: positionName })}
              onClick={() => take(positionName)}
            >
              {t("preview.take")}
            </Button>
          </Group>
        ))}
      </Stack>
    </Box>
  );
}
