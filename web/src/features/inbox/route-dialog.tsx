import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Named, OpeningSelect } from "../../parts/opening-select";

interface RouteDialogProps {
  count: number;
  suggested: readonly Named[];
  working: boolean;
  route: (opening: Named) => void;
  close: () => void;
}

/** Asks where the chosen entries go. */
export function RouteDialog({ count, suggested, working, route, close }: RouteDialogProps) {
  const { t } = useTranslation(["inbox", "common"]);
  const [opening, setOpening] = useState<Named | null>(null);
  const [missing, setMissing] = useState(false);
  return (
    <Modal
      opened
      onClose={close}
      title={t("route.title", { count })}
      closeButtonProps={{ "aria-label": t("common:confirm.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (opening) route(opening);
          else setMissing(true);
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {t("route.lead")}
          </Text>
          <OpeningSelect
            label={t("route.opening")}
            open
            suggested={suggested}
            value={opening?.id ?? null}
            onChange={(next) => {
              setOpening(next);
              setMissing(false);
            }}
            error={missing ? t("route.missing") : null}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t("common:confirm.cancel")}
            </Button>
            <Button type="submit" loading={working}>
              {t("route.submit", { count })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
