import { Button, type ButtonProps, Group, Loader, Stack, Text } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { CombinedError } from "@urql/core";
import { useTranslation } from "react-i18next";
import { useKeptFocus } from "./kept-focus";
import { Trouble } from "./trouble";

interface MoreProps {
  shown: number;
  total: number;
  hasNextPage: boolean;
  loading: boolean;
  error: CombinedError | undefined;
  next: () => void;
  again: () => void;
}

/** How much of a list is shown, a way to the next page of it, and what went wrong on the way there. */
export function More({ shown, total, hasNextPage, loading, error, next, again }: MoreProps) {
  const { t } = useTranslation();
  const { place, within } = useKeptFocus<HTMLParagraphElement>();
  return (
    <Stack gap="xs" {...within}>
      {error && <Trouble error={error} again={again} />}
      <Group justify="space-between" mih={36}>
        <Text size="sm" c="dimmed" aria-live="polite" ref={place} tabIndex={-1}>
          {shown < total ? `${shown} / ` : ""}
          {t("list.count", { count: total })}
        </Text>
        {hasNextPage && (
          <MoreButton loading={loading} next={next}>
            {t("list.more")}
          </MoreButton>
        )}
      </Group>
    </Stack>
  );
}

interface MoreButtonProps extends Pick<ButtonProps, "size" | "fullWidth" | "children"> {
  loading: boolean;
  next: () => void;
  autoFocus?: boolean;
}

/** The way to the next page. It stays as it is while that comes: a shut button would lose the focus. */
export function MoreButton({ loading, next, children, ...button }: MoreButtonProps) {
  return (
    <Button
      variant="default"
      aria-busy={loading}
      leftSection={loading ? <Loader size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
      onClick={next}
      {...button}
    >
      {children}
    </Button>
  );
}
