import { Button, Group, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import i18next from "i18next";
import { announce, withdraw } from "../../parts/notify";

const note = "moved";

/** Says what was done, with a button that takes it back. The latest takes the place of the one before. */
export async function offerBack(message: string, back: () => Promise<void>): Promise<void> {
  await withdraw(note);
  await announce({
    id: note,
    color: "teal",
    autoClose: 8_000,
    message: (
      <Group justify="space-between" gap="xs">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          onClick={() => {
            void withdraw(note);
            void back();
          }}
        >
          {i18next.t("undo")}
        </Button>
      </Group>
    ),
  });
}
