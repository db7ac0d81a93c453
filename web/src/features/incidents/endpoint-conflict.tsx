import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { EndpointShownFragment } from "./__generated__/endpoints";
import type { EndpointDraft } from "./endpoint-dialog";

interface EndpointConflictProps {
  now: EndpointShownFragment;
  yours: EndpointDraft;
  take: () => void;
  overwrite: () => void;
}

/** That somebody else changed the endpoint meanwhile: how it is now, and whose word counts. */
export function EndpointConflict({ now, yours, take, overwrite }: EndpointConflictProps) {
  const { t } = useTranslation("incidents");
  const kinds = (of: readonly EndpointShownFragment["kinds"][number][]) =>
    [...of]
      .sort()
      .map((kind) => t(`kind.${kind}`))
      .join(" · ");
  const different = [
    { label: t("form.name"), there: now.name, here: yours.name },
    { label: t("form.kinds"), there: kinds(now.kinds), here: kinds(yours.kinds) },
    {
      label: t("form.language"),
      there: t(`endpoints.languages.${now.language}`),
      here: t(`endpoints.languages.${yours.language}`),
    },
  ].filter(({ there, here }) => there !== here);
  return (
    <Alert role="alert" color="orange" variant="light" title={t("conflict.title")}>
      <Stack gap="xs">
        {different.length === 0 && <Text size="sm">{t("conflict.same")}</Text>}
        {different.map(({ label, there, here }) => (
          <div key={label}>
            <Text size="sm" fw={600}>
              {label}
            </Text>
            <Text size="sm">
              {t("conflict.now")}: {there}
            </Text>
            <Text size="sm">
              {t("conflict.yours")}: {here}
            </Text>
          </div>
        ))}
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={take}>
            {t("conflict.take")}
          </Button>
          <Button size="xs" variant="default" onClick={overwrite}>
            {t("conflict.overwrite")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
