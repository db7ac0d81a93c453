import { useSubscription } from "urql";
import {
  type LinkAccountFragment,
  type LinkRunFragment,
  LinkRunsDocument,
  type LinkRunsSubscription,
  LinkStatusDocument,
  type LinkStatusSubscription,
} from "./__generated__/link";

type ById<Thing> = ReadonlyMap<string, Thing>;

interface Revised {
  readonly id: string;
  readonly revision: number;
}

/** What is told last of an account: an answer may have been under way for longer than an event that came before it. */
export function newestOf<Account extends Revised>(read: Account, told: readonly (Account | undefined)[]): Account {
  return told.reduce<Account>((newest, each) => (each && each.revision > newest.revision ? each : newest), read);
}

/** What events tell of accounts: their latest runs, as they go, and how they stand. */
export function useLive(): {
  runs: ById<LinkRunFragment>;
  newest: (account: LinkAccountFragment) => LinkAccountFragment;
} {
  const [{ data: accounts }] = useSubscription<LinkStatusSubscription, ById<LinkAccountFragment>>(
    { query: LinkStatusDocument },
    (before = new Map(), { accountStatusChanged: { account } }) => new Map(before).set(account.id, account),
  );
  const [{ data: runs = new Map() }] = useSubscription<LinkRunsSubscription, ById<LinkRunFragment>>(
    { query: LinkRunsDocument },
    (before = new Map(), { importRunChanged: { run } }) => new Map(before).set(run.account.id, run),
  );
  return { runs, newest: (account) => newestOf(account, [accounts?.get(account.id), runs.get(account.id)?.account]) };
}
