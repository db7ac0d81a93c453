import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Sum } from "../../parts/sum";
import type { ImportRunLineFragment } from "./__generated__/imports";

/** A run's numbers as they add up. */
export function RunNumbers({ run }: { run: ImportRunLineFragment }) {
  const { t } = useTranslation("intake");
  return (
    <Stack gap="md">
      <Sum
        total={{ label: t("number.seen"), value: run.seen }}
        parts={[
          { label: t("number.known"), value: run.known, color: "gray.5" },
          { label: t("number.imported"), value: run.imported, color: "cyan.7" },
          { label: t("number.invalid"), value: run.invalid, color: "red.6" },
        ]}
      />
      <Sum
        total={{ label: t("number.imported"), value: run.imported }}
        parts={[
          { label: t("number.routed"), value: run.routed, color: "teal.6" },
          { label: t("number.waiting"), value: run.waiting, color: "orange.5" },
        ]}
      />
    </Stack>
  );
}
