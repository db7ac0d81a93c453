// Which texts there are, so that a key that does not exist does not compile.
import "i18next";
import type { ja as candidates } from "../features/candidates/ja";
import type { ja as files } from "../features/files/ja";
import type { ja as home } from "../features/home/ja";
import type { ja as imports } from "../features/imports/ja";
import type { ja as inbox } from "../features/inbox/ja";
import type { ja as incidents } from "../features/incidents/ja";
import type { ja as link } from "../features/link/ja";
import type { ja as openings } from "../features/openings/ja";
import type { ja as rules } from "../features/rules/ja";
import type { ja as settings } from "../features/settings/ja";
import type { ja as intake } from "../parts/intake.ja";
import type { ja as openingSelect } from "../parts/opening-select.ja";
import type { ja as signIn } from "../shell/sign-in.ja";
import type { ja as common } from "./common.ja";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: {
      common: typeof common;
      home: typeof home;
      link: typeof link;
      imports: typeof imports;
      intake: typeof intake;
      files: typeof files;
      inbox: typeof inbox;
      rules: typeof rules;
      openings: typeof openings;
      openingSelect: typeof openingSelect;
      candidates: typeof candidates;
      incidents: typeof incidents;
      settings: typeof settings;
      signIn: typeof signIn;
    };
  }
}
