import { Alert, Autocomplete, Button, Group, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMutation, useQuery } from "urql";
import { media } from "../../parts/media";
import { errorOf, type UserError, useOutcome } from "../../parts/notify";
import { OpeningSelect } from "../../parts/opening-select";
import { Trouble } from "../../parts/trouble";
import {
  type Medium,
  RulesCreateDocument,
  type RulesLineFragment,
  type RulesSavedFragment,
  RulesUpdateDocument,
  RulesWaitingDocument,
} from "./__generated__/rules";
import { RulePreview } from "./preview";
import { usePreview } from "./use-preview";

export interface RuleFields {
  medium: Medium;
  positionName: string;
  openingId: string | null;
}

interface RuleFormProps {
  /** The rule as it was read; null for a new one. */
  rule: RulesLineFragment | null;
  initial: RuleFields;
  saved: (saved: RulesSavedFragment) => void;
  /** Opens another rule instead. */
  edit: (ruleId: string) => void;
  cancel: () => void;
  /** Reads the rule anew, and gives it as it now is. */
  readAgain: () => void;
}

export function RuleForm({ rule, initial, saved, edit, cancel, readAgain }: RuleFormProps) {
  const { t } = useTranslation("rules");
  const { t: common } = useTranslation();
  const outcome = useOutcome();
  const positions = useId();
  const form = useForm<RuleFields>({
    initialValues: initial,
    validate: {
      positionName: (name) => (name.trim() ? null : t("form.required")),
      openingId: (id) => (id ? null : t("form.chooseRequired")),
    },
  });
  const { medium, positionName, openingId } = form.values;
  const [base, setBase] = useState(rule);
  const overtaken = rule !== null && base !== null && rule.revision !== base.revision;
  const [{ data: waits }] = useQuery({ query: RulesWaitingDocument, requestPolicy: "cache-and-network" });
  const waiting = new Map(
    waits?.waitingPositions.filter((each) => each.medium === medium).map((each) => [each.positionName, each.count]),
  );
  const { preview, current, error } = usePreview(
    positionName.trim() && openingId ? { medium, positionName, openingId, ruleId: rule?.id ?? null } : null,
  );
  const [creating, create] = useMutation(RulesCreateDocument);
  const [updating, update] = useMutation(RulesUpdateDocument);

  async function save(fields: RuleFields, expectedRevision = base?.revision ?? 0) {
    if (!fields.openingId) return;
    const input = { medium: fields.medium, positionName: fields.positionName, openingId: fields.openingId };
    const { error: broken, payload } = rule
      ? await update({ id: rule.id, input, expectedRevision }).then((r) => ({
          error: r.error,
          payload: r.data?.updateRoutingRule,
        }))
      : await create({ input }).then((r) => ({ error: r.error, payload: r.data?.createRoutingRule }));
    const errors: readonly UserError[] = payload?.errors ?? [];
    if (errors.some(({ code }) => code === "REVISION_CONFLICT")) return readAgain();
    const atFields = {
      medium: errorOf(errors, "input", "medium"),
      positionName: errorOf(errors, "input", "positionName"),
      openingId: errorOf(errors, "input", "openingId"),
    };
    form.setErrors(atFields);
    const blamed = Object.values(atFields);
    const rest = errors.filter(({ message }) => !blamed.includes(message));
    if (!outcome(broken, rest) || errors.length > 0 || !payload) return;
    setBase(payload.rule ?? base);
    saved(payload);
  }

  return (
    <form onSubmit={form.onSubmit((fields) => save(fields))} noValidate>
      <Stack gap="lg">
        {overtaken && (
          <Alert role="alert" color="orange" variant="light" title={t("changed.title")}>
            <Stack gap="xs" align="flex-start">
              <Text size="sm">
                {t("changed.text", {
                  name: rule.positionName,
                  medium: common(`medium.${rule.medium}`),
                  opening: rule.opening.name,
                })}
              </Text>
              <Group gap="xs">
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => {
                    form.setValues(fieldsOf(rule));
                    setBase(rule);
                  }}
                >
                  {t("changed.take")}
                </Button>
                <Button
                  size="xs"
                  onClick={() => {
                    setBase(rule);
                    form.onSubmit((fields) => save(fields, rule.revision))();
                  }}
                >
                  {t("changed.keep")}
                </Button>
              </Group>
            </Stack>
          </Alert>
        )}
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
          <Stack gap="md">
            <Select
              label={t("medium")}
              data={media.map((value) => ({ value, label: common(`medium.${value}`) }))}
              allowDeselect={false}
              required
              {...form.getInputProps("medium")}
            />
            <Autocomplete
              label={t("position")}
              description={t("positionHint")}
              data={[...waiting.keys()]}
              renderOption={({ option }) => (
                <Group justify="space-between" gap="xs" w="100%">
                  <span>{option.value}</span>
                  <Text span size="xs" c="dimmed">
                    {t("form.waiting", { count: waiting.get(option.value) ?? 0 })}
                  </Text>
                </Group>
              )}
              id={positions}
              required
              data-autofocus={!rule && !initial.positionName ? true : undefined}
              {...form.getInputProps("positionName")}
            />
            <OpeningSelect
              label={t("opening")}
              placeholder={t("form.chooseOpening")}
              value={openingId}
              onChange={(opening) => form.setFieldValue("openingId", opening?.id ?? null)}
              error={form.errors.openingId}
              open
              canCreate
              required
            />
          </Stack>
          {error ? (
            <Trouble error={error} />
          ) : (
            <RulePreview
              preview={preview}
              current={current}
              take={(name) => form.setFieldValue("positionName", name)}
              edit={edit}
            />
          )}
        </SimpleGrid>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={cancel}>
            {common("confirm.cancel")}
          </Button>
          <Button type="submit" loading={creating.fetching || updating.fetching} disabled={overtaken}>
            {rule ? common("save") : t("form.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What a rule is made of, as the form has it. */
export function fieldsOf(rule: RulesLineFragment): RuleFields {
  return { medium: rule.medium, positionName: rule.positionName, openingId: rule.opening.id };
}
