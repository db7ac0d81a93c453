import { ActionIcon, Kbd, Popover, Stack, Switch, Table, Text } from "@mantine/core";
import { IconKeyboard } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useLetters } from "./keyboard";

/** What the keys do in the list. */
export function KeyboardHelp() {
  const { t } = useTranslation("inbox");
  const [letters, setLetters] = useLetters();
  const keys = [
    { keys: ["j", "↓"], does: t("keys.next") },
    { keys: ["k", "↑"], does: t("keys.previous") },
    { keys: ["x"], does: t("keys.select") },
    { keys: [t("keys.shift"), "Shift + x"], does: t("keys.range") },
    { keys: ["o", "Enter"], does: t("keys.open") },
    { keys: ["r"], does: t("keys.route") },
    { keys: ["e"], does: t("keys.exclude") },
  ];
  return (
    <Popover position="bottom-end" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t("keys.help")} visibleFrom="sm">
          <IconKeyboard size={20} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("keys.title")}>
        <Stack gap="xs">
          <Text fw={600} size="sm">
            {t("keys.title")}
          </Text>
          <Table withRowBorders={false} verticalSpacing={4}>
            <Table.Tbody>
              {keys.map(({ keys, does }) => (
                <Table.Tr key={does}>
                  <Table.Td>
                    {keys.map((key) => (
                      <Kbd key={key} mr={4}>
                        {key}
                      </Kbd>
                    ))}
                  </Table.Td>
                  <Table.Td>{does}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Switch
            checked={letters}
            onChange={(event) => setLetters(event.currentTarget.checked)}
            label={t("keys.use")}
            size="sm"
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
