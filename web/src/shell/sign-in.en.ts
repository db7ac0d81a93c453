import type { English } from "../i18n";
import type { ja } from "./sign-in.ja";

export const en: English<typeof ja> = {
  title: "Sign in",
  what: "Brings applicants from Wantedly straight into your selection.",
  email: "E-mail",
  password: "Password",
  eye: "Show or hide it",
  submit: "Sign in",
  ended: "Your session has ended. Sign in to continue: nothing you entered is lost.",
  unreachable: "The server cannot be reached. Wait a moment, then try again.",
  later: "Try again from {{time}} on.",
  forgotten: "Forgot the password? Ask an administrator of your company for a link to a new one.",
  or: "or",
  provider: "Sign in with {{issuer}}",
  demo: "Try it with the sample company",
  demoHint: "A made-up company with made-up applicants, on this machine only.",
};
