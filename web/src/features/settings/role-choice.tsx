import { Checkbox, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Role } from "../../graphql/__generated__/schema";

const all = ["ADMIN", "RECRUITER", "COORDINATOR"] as const satisfies Role[];

interface RoleChoiceProps {
  value: readonly Role[];
  onChange: (roles: Role[]) => void;
  error?: string | null;
  /** Why it cannot be changed; null where it can. */
  locked?: string | null;
}

/** Roles, with what each allows. */
export function RoleChoice({ value, onChange, error = null, locked = null }: RoleChoiceProps) {
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  return (
    <Checkbox.Group
      label={t("member.roles")}
      description={locked}
      error={error}
      value={[...value]}
      onChange={(roles) => onChange(all.filter((role) => roles.includes(role)))}
    >
      <Stack gap="sm" my="xs">
        {all.map((role) => (
          <Checkbox
            key={role}
            value={role}
            label={common(`role.${role}`)}
            description={t(`roleDoes.${role}`)}
            disabled={Boolean(locked)}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
