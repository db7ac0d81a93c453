import type { English } from "../i18n";
import type { ja } from "./sign-in.ja";

export const en: English<typeof ja> = {
  title: "Sign in",
  what: "Brings Wantedly applicants straight into your hiring pipeline.",
  email: "E-mail",
  password: "Password",
  eye: "Show or hide password",
  submit: "Sign in",
  ended: "Your session has ended. Sign in to continue: nothing you entered is lost.",
  unreachable: "Can’t reach the server. Try again in a moment.",
  later: "Try again after {{time}}.",
  forgotten: "Forgot your password? Ask an administrator at your company for a reset link.",
  or: "or",
  provider: "Sign in with {{issuer}}",
  demo: "Try the sample company",
  demoHint: "A fictional company with fictional applicants, on this machine only.",
};
