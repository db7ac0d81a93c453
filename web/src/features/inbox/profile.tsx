import { Badge, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Fact } from "../../parts/fact";
import type { InboxEntryWholeFragment } from "./__generated__/entry";

/** Who applied, in short: their own page has the rest. */
export function Profile({ candidate }: { candidate: InboxEntryWholeFragment["candidate"] }) {
  const { t } = useTranslation("inbox");
  const { currentPosition, location, tagline, workHistories, educations, skills, introduction } = candidate;
  const about = [currentPosition, location].filter((each) => each).join(" · ");
  const span = (from: string | null | undefined, to: string | null | undefined) =>
    from || to ? `${from ?? ""}–${to ?? ""}` : null;
  const line = (...parts: (string | null | undefined)[]) => parts.filter((each) => each).join(" · ");
  return (
    <Stack gap="xs">
      {about && <Text size="sm">{about}</Text>}
      {tagline && (
        <Text size="sm" c="dimmed">
          {tagline}
        </Text>
      )}
      <Stack component="dl" gap="xs" m={0}>
        {workHistories.length > 0 && (
          <Fact name={t("entry.work")}>
            {workHistories.slice(0, 3).map((work, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing else, and keep their order
              <div key={i}>{line(work.companyName, work.position, span(work.startedOn, work.endedOn))}</div>
            ))}
          </Fact>
        )}
        {educations.length > 0 && (
          <Fact name={t("entry.education")}>
            {educations.slice(0, 2).map((school, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing else, and keep their order
              <div key={i}>{line(school.schoolName, school.major, school.graduatedOn)}</div>
            ))}
          </Fact>
        )}
        {skills.length > 0 && (
          <Fact name={t("entry.skills")}>
            <Group gap={4}>
              {skills.slice(0, 12).map((skill) => (
                <Badge key={skill} variant="default" tt="none" fw={400}>
                  {skill}
                </Badge>
              ))}
            </Group>
          </Fact>
        )}
        {introduction && (
          <Fact name={t("entry.introduction")}>
            <Text size="sm" lineClamp={5} style={{ whiteSpace: "pre-wrap" }}>
              {introduction}
            </Text>
          </Fact>
        )}
      </Stack>
    </Stack>
  );
}
