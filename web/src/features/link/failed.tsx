import { ActionIcon, Alert, Button, Code, CopyButton, Group, Stack, Text, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCopy } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ExactTime } from "../../parts/exact-time";
import { SupportLink } from "../../parts/trouble";
import { settings } from "../../settings";
import type { LinkAccountFragment, LinkFailureReason } from "./__generated__/link";
import { OpenWantedly, RegisterForm } from "./register-form";

type Mendable = "INVALID_CREDENTIALS" | "NO_CANDIDATE_PERMISSION" | "TWO_FACTOR_REQUIRED" | "ACCOUNT_LOCKED";

/** Whether there is something that the person can do on the medium about a reason. */
function mendable(reason: LinkFailureReason): reason is Mendable {
  return ["INVALID_CREDENTIALS", "NO_CANDIDATE_PERMISSION", "TWO_FACTOR_REQUIRED", "ACCOUNT_LOCKED"].includes(reason);
}

/** アカウント認証失敗: why, what to do, and the form to do it with. */
export function AuthFailed({ account, mayRegister }: { account: LinkAccountFragment; mayRegister: boolean }) {
  const { t } = useTranslation("link");
  const reason = account.failure?.reason;
  const known = reason && mendable(reason);
  return (
    <Stack>
      <Why account={account} beside={known && <OpenWantedly />}>
        {known && <Text size="sm">{t(`failed.${reason}`)}</Text>}
      </Why>
      {/* What to do about a reason says what the caution would, of this very account: the form is not pushed away. */}
      {mayRegister && <RegisterForm again={account} cautioned={Boolean(known)} registered={() => {}} />}
    </Stack>
  );
}

/** エラーにより認証失敗: whom to ask, and what to tell them. */
export function SystemError({ account, mayRegister }: { account: LinkAccountFragment; mayRegister: boolean }) {
  const { t } = useTranslation("link");
  const [opened, setOpened] = useState(false);
  return (
    <Stack>
      <Why account={account}>
        {settings.support ? <SupportLink reference={account.id} /> : <Text size="sm">{t("noSupport")}</Text>}
        <Reference id={account.id} />
      </Why>
      {mayRegister &&
        (opened ? (
          <RegisterForm again={account} registered={() => setOpened(false)} cancel={() => setOpened(false)} />
        ) : (
          <Group>
            <Button variant="default" onClick={() => setOpened(true)}>
              {t("registerAgain")}
            </Button>
          </Group>
        ))}
    </Stack>
  );
}

interface WhyProps {
  account: LinkAccountFragment;
  /** What to do about it. */
  children: ReactNode;
  /** Where to do it. */
  beside?: ReactNode;
}

function Why({ account, children, beside }: WhyProps) {
  const { t } = useTranslation("link");
  if (!account.failure) return null;
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={account.failure.message}
    >
      <Stack gap="xs">
        {children}
        <Group gap="xs" style={{ columnGap: "var(--mantine-spacing-lg)" }}>
          <Text size="sm">
            {t("failedAt")}: <ExactTime at={account.failure.occurredAt} />
          </Text>
          {beside}
        </Group>
      </Stack>
    </Alert>
  );
}

/** What support finds the account by. */
function Reference({ id }: { id: string }) {
  const { t } = useTranslation(["link", "common"]);
  return (
    <Group gap="xs">
      <Text size="sm">{t("reference")}:</Text>
      <Code>{id}</Code>
      <CopyButton value={id}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t("common:copied") : t("common:copy")}>
            <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={t("copyReference")}>
              {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
