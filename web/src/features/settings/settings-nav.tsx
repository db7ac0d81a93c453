import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../graphql/viewer";
import classes from "./settings-nav.module.css";

/** The pages of the settings, as far as the viewer may see them. */
export function SettingsNav() {
  const { t } = useTranslation();
  const may = useMay();
  const places = [
    { to: "/settings", text: "nav.profile", shown: true },
    { to: "/settings/members", text: "nav.members", shown: may("MANAGE_MEMBERS") },
    { to: "/settings/tokens", text: "nav.tokens", shown: true },
    { to: "/settings/notifications", text: "nav.notifications", shown: may("MANAGE_NOTIFICATIONS") },
    { to: "/settings/audit", text: "nav.audit", shown: may("READ_AUDIT") },
    { to: "/settings/privacy", text: "nav.privacy", shown: may("ERASE_CANDIDATES") || may("MANAGE_RETENTION") },
  ] as const;
  const list = useRef<HTMLElement>(null);
  // On a phone the list is wider than the screen: the present place has to be in sight.
  useEffect(() => {
    const here = list.current?.querySelector<HTMLElement>('[aria-current="page"]');
    if (list.current && here)
      list.current.scrollLeft = here.offsetLeft - (list.current.clientWidth - here.offsetWidth) / 2;
  }, []);
  return (
    <nav ref={list} aria-label={t("nav.settings")} className={classes.places}>
      {places
        .filter((place) => place.shown)
        .map((place) => (
          <Link
            key={place.to}
            to={place.to}
            className={classes.place ?? ""}
            activeOptions={{ exact: true, includeSearch: false }}
          >
            {t(place.text)}
          </Link>
        ))}
    </nav>
  );
}
