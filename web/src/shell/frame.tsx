import { AppShell, Burger, Group, NavLink, ScrollArea, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconBell,
  IconBriefcase,
  IconFileImport,
  IconHistory,
  IconHome,
  IconInbox,
  IconLink,
  IconRoute,
  IconSettings,
  IconUsers,
} from "@tabler/icons-react";
import { Link, Outlet, useMatches, useRouterState } from "@tanstack/react-router";
import { type ComponentType, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { type Permission, useMay } from "../graphql/viewer";
import { ConnectionBanner } from "./connection-banner";
import { Forbidden } from "./forbidden";
import classes from "./frame.module.css";
import { frameProps } from "./frame-size";
import { IncidentBanner } from "./incident-banner";
import { PersonButton } from "./person-button";
import { useHeadingFocus } from "./use-heading-focus";

const places = [
  { to: "/", text: "nav.home", icon: IconHome },
  { to: "/inbox", text: "nav.inbox", icon: IconInbox, needs: "WORK_INBOX" },
  { to: "/openings", text: "nav.openings", icon: IconBriefcase, needs: "CONDUCT_SELECTION" },
  { to: "/candidates", text: "nav.candidates", icon: IconUsers, needs: "CONDUCT_SELECTION" },
  { to: "/rules", text: "nav.rules", icon: IconRoute, needs: "MANAGE_RULES" },
  { to: "/links/wantedly", text: "nav.link", icon: IconLink },
  { to: "/imports", text: "nav.imports", icon: IconHistory },
  { to: "/files", text: "nav.files", icon: IconFileImport, needs: "HANDLE_FILES" },
  { to: "/incidents", text: "nav.incidents", icon: IconBell },
  { to: "/settings", text: "nav.settings", icon: IconSettings },
] as const satisfies readonly { to: string; text: string; icon: ComponentType; needs?: Permission }[];

/** What stands around every page. */
export function Frame() {
  const { t } = useTranslation();
  const may = useMay();
  const [opened, { toggle, close }] = useDisclosure();
  useHeadingFocus();
  const needs = useMatches({ select: (matches) => matches.at(-1)?.staticData.needs });
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes when one has gone somewhere
  useEffect(close, [path]);
  return (
    <AppShell {...frameProps} navbar={{ ...frameProps.navbar, collapsed: { mobile: !opened } }}>
      <AppShell.Header>
        <a className={classes.skip} href="#content">
          {t("skip")}
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t("menu")}
              aria-expanded={opened}
            />
            <Link to="/" className={classes.brand}>
              <img src="/icon.svg" alt="" width={28} height={28} />
              <Text component="span" fw={700}>
                {t("name")}
              </Text>
            </Link>
          </Group>
          <PersonButton />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label={t("menu")}>
        <ScrollArea p="xs">
          {places
            .filter((place) => !("needs" in place) || may(place.needs))
            .map((place) => {
              const Icon = place.icon;
              const here = place.to === "/" ? path === "/" : path.startsWith(place.to);
              return (
                <NavLink
                  key={place.to}
                  component={Link}
                  to={place.to}
                  label={t(place.text)}
                  active={here}
                  aria-current={here ? "page" : undefined}
                  leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
                  className={classes.place ?? ""}
                />
              );
            })}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <ConnectionBanner />
        <IncidentBanner />
        {needs && !may(needs) ? <Forbidden /> : <Outlet />}
      </AppShell.Main>
    </AppShell>
  );
}
