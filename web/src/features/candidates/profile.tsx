import { Anchor, Badge, Group, Stack, Text, Title } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CandidateProfileFragment } from "./__generated__/candidate";
import { month, period } from "./period";
import { webAddress } from "./web-address";

/** A link that leaves for another site; what is no address of the web is only shown. */
export function AwayLink({ url, children }: { url: string | null; children: ReactNode }) {
  const href = webAddress(url);
  if (!href) return children;
  return (
    <Anchor href={href} target="_blank" rel="noreferrer" size="sm">
      {children} <IconExternalLink size={14} aria-hidden style={{ verticalAlign: "-2px" }} />
    </Anchor>
  );
}

/** What somebody wrote, with the lines as they broke them. */
function Written({ children }: { children: string }) {
  return (
    <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
      {children}
    </Text>
  );
}

function Part({ title, level, children }: { title: string; level: 3 | 5; children: ReactNode }) {
  return (
    <Stack gap={6}>
      <Title order={level} size="h6" c="dimmed">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

interface ProfileProps {
  person: CandidateProfileFragment;
  /** How deep its headings are. */
  level?: 3 | 5;
}

/** A person as the medium told of them. */
export function Profile({ person, level = 3 }: ProfileProps) {
  const { t, i18n } = useTranslation("candidates");
  const language = i18n.language;
  const nothing =
    !person.introduction &&
    !person.aspiration &&
    [person.workHistories, person.educations, person.skills, person.links].every((list) => list.length === 0);
  if (nothing) return <Text size="sm">{t("profile.none")}</Text>;
  return (
    <Stack gap="lg">
      {person.introduction && (
        <Part level={level} title={t("profile.introduction")}>
          <Written>{person.introduction}</Written>
        </Part>
      )}
      {person.aspiration && (
        <Part level={level} title={t("profile.aspiration")}>
          <Written>{person.aspiration}</Written>
        </Part>
      )}
      {person.workHistories.length > 0 && (
        <Part level={level} title={t("profile.work")}>
          <Stack gap="sm">
            {person.workHistories.map((work, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing else, and never change
              <div key={i}>
                <Text fw={600} size="sm">
                  {[work.companyName, work.position].filter(Boolean).join(" · ")}
                </Text>
                <Text size="xs" c="dimmed">
                  {period(work.startedOn, work.endedOn, t("profile.now"), language)}
                </Text>
                {work.description && <Written>{work.description}</Written>}
              </div>
            ))}
          </Stack>
        </Part>
      )}
      {person.educations.length > 0 && (
        <Part level={level} title={t("profile.education")}>
          <Stack gap="sm">
            {person.educations.map((school, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing else, and never change
              <div key={i}>
                <Text fw={600} size="sm">
                  {[school.schoolName, school.major].filter(Boolean).join(" · ")}
                </Text>
                {school.graduatedOn && (
                  <Text size="xs" c="dimmed">
                    {t("profile.graduated", { date: month(school.graduatedOn, language) })}
                  </Text>
                )}
                {school.description && <Written>{school.description}</Written>}
              </div>
            ))}
          </Stack>
        </Part>
      )}
      {person.skills.length > 0 && (
        <Part level={level} title={t("profile.skills")}>
          <Group gap={6}>
            {person.skills.map((skill) => (
              <Badge
                key={skill}
                variant="default"
                tt="none"
                fw={500}
                h="auto"
                mih={24}
                style={{ whiteSpace: "normal" }}
              >
                {skill}
              </Badge>
            ))}
          </Group>
        </Part>
      )}
      {person.links.length > 0 && (
        <Part level={level} title={t("profile.links")}>
          <Stack gap={4}>
            {person.links.map((link) => (
              <Text size="sm" component="div" key={`${link.title} ${link.url}`}>
                <AwayLink url={link.url}>{link.title || link.url}</AwayLink>
                {link.title && (
                  <Text size="xs" c="dimmed">
                    {link.url}
                  </Text>
                )}
              </Text>
            ))}
          </Stack>
        </Part>
      )}
    </Stack>
  );
}
