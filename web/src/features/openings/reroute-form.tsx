import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { Trouble, useTrouble } from "../../parts/trouble";
import { OpeningsChoicesDocument } from "./__generated__/application";

interface RerouteFormProps {
  /** Where it is now. */
  openingId: string;
  busy: boolean;
  submit: (openingId: string) => void;
  cancel: () => void;
}

/** Which opening an application goes to. */
export function RerouteForm({ openingId, busy, submit, cancel }: RerouteFormProps) {
  const { t } = useTranslation("openings");
  const { t: common } = useTranslation();
  const trouble = useTrouble();
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed === chosen?.label ? "" : typed.trim(), 200);
  const [{ data, error, fetching }, again] = useQuery({
    query: OpeningsChoicesDocument,
    variables: { search: search || null },
  });
  const offered = (data?.openings.nodes ?? [])
    .filter((opening) => opening.id !== openingId)
    .map((opening) => ({ value: opening.id, label: opening.name }));
  const choices = chosen && !offered.some((each) => each.value === chosen.value) ? [chosen, ...offered] : offered;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen) submit(chosen.value);
      }}
    >
      <Stack gap="md">
        <Select
          label={t("reroute.opening")}
          description={t("reroute.hint")}
          data={choices}
          value={chosen?.value ?? null}
          onChange={(value) => setChosen(choices.find((each) => each.value === value) ?? null)}
          searchable
          onSearchChange={setTyped}
          filter={({ options }) => options}
          nothingFoundMessage={error ? trouble(error).message : fetching ? t("loading") : t("reroute.none")}
        />
        {error && <Trouble error={error} again={() => again({ requestPolicy: "network-only" })} />}
        <Text size="sm" c="dimmed">
          {t("reroute.lead")}
        </Text>
        <Group gap="xs">
          <Button type="submit" loading={busy} disabled={!chosen}>
            {t("reroute.submit")}
          </Button>
          <Button variant="default" onClick={cancel}>
            {common("confirm.cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
