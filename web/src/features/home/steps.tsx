import { Box, Group, Paper, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../graphql/viewer";
import { ButtonLink } from "../../parts/links";
import { type Known, progress, type Step } from "./progress";
import classes from "./steps.module.css";

/** What is between a first-time visitor and a moved application. */
export function Steps({ known, steps }: { known: Known; steps: readonly Step[] }) {
  const { t } = useTranslation("home");
  const behind = progress(known);
  const next = steps.find((step) => !behind[step]);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="steps">
      <Group justify="space-between" mb={4}>
        <Title order={2} size="h4" id="steps">
          {t("steps.title")}
        </Title>
        <Text size="sm" c="dimmed" role="status">
          {t("steps.progress", { done: steps.filter((step) => behind[step]).length, all: steps.length })}
        </Text>
      </Group>
      {steps.length > 1 && (
        <Text size="sm" c="dimmed">
          {t("steps.lead")}
        </Text>
      )}
      <ol className={classes.steps}>
        {steps.map((step, i) => (
          <Box component="li" key={step} className={classes.step} aria-current={step === next ? "step" : undefined}>
            <ThemeIcon
              radius="xl"
              size={28}
              variant={behind[step] || step === next ? "filled" : "default"}
              color={behind[step] ? "teal" : "cyan"}
              autoContrast
            >
              {behind[step] ? <IconCheck size={18} role="img" aria-label={t("steps.done")} /> : i + 1}
            </ThemeIcon>
            <Stack gap={4} align="flex-start" miw={0}>
              <Text fw={600} c={behind[step] ? "dimmed" : undefined}>
                {t(`steps.${step}.title`)}
              </Text>
              {!behind[step] && (
                <>
                  <Text size="sm" c="dimmed">
                    {t(`steps.${step}.text`)}
                  </Text>
                  <Go step={step} known={known} primary={step === next} />
                </>
              )}
            </Stack>
          </Box>
        ))}
      </ol>
    </Paper>
  );
}

function Go({ step, known, primary }: { step: Step; known: Known; primary: boolean }) {
  const { t } = useTranslation("home");
  const may = useMay();
  const look = { variant: primary ? "filled" : "default", mt: 4 } as const;
  if (step === "link") {
    const status = known.link?.accounts.find((account) => account.status !== "UNLINKED")?.status;
    if (!may("MANAGE_LINKS"))
      return (
        <Text size="sm" fs="normal">
          {t("steps.link.others")}
        </Text>
      );
    const text = status === "VERIFYING" ? "verifying" : status ? "failed" : "go";
    return (
      <ButtonLink {...look} to="/links/wantedly">
        {t(`steps.link.${text}`)}
      </ButtonLink>
    );
  }
  if (step === "route" && known.openings?.openings.totalCount === 0 && may("MANAGE_OPENINGS"))
    return (
      <>
        <Text size="sm">{t("steps.route.needsOpening")}</Text>
        <ButtonLink {...look} to="/openings">
          {t("steps.route.opening")}
        </ButtonLink>
      </>
    );
  if (step === "route" && !may("MANAGE_RULES")) return <Text size="sm">{t("steps.route.others")}</Text>;
  if (step === "route") {
    const first = known.inbox?.waitingPositions[0];
    const search = {
      new: "rule",
      medium: first?.medium ?? "WANTEDLY",
      ...(first?.positionName ? { position: first.positionName } : {}),
    };
    return (
      <ButtonLink {...look} to="/rules" search={search}>
        {t("steps.route.go")}
      </ButtonLink>
    );
  }
  const opening = known.openings?.busiestOpenings[0];
  return opening ? (
    <ButtonLink {...look} to="/openings/$openingId" params={{ openingId: opening.id }}>
      {t("steps.move.go")}
    </ButtonLink>
  ) : (
    <ButtonLink {...look} to="/openings">
      {t("steps.move.go")}
    </ButtonLink>
  );
}
