import { Company, expect } from "./stage";

/** A company in the middle of its work: something of everything that there is to see. */
export interface Sample {
  company: Company;
  /** Another one, whose link has failed. */
  troubled: Company;
  openingId: string;
  candidateId: string;
  runId: string;
  fileId: string;
}

interface Step {
  id: string;
  kind: string;
}

/** Founds both companies, and has people apply, be routed and be selected. */
export async function foundSample(domain?: string): Promise<Sample> {
  const company = await Company.found(
    [
      { name: "採用 太郎", roles: "RECRUITER" },
      { name: "調整 次郎", roles: "COORDINATOR" },
    ],
    domain,
  );
  const troubled = await Company.found([], domain && `troubled.${domain}`);
  await fail(troubled);

  await poison(company);
  await company.apply({ name: "佐藤 美咲", position: "バックエンドエンジニア", count: 2 });
  const accountId = await company.link();
  const { invalidRecords } = await company.ask<{ invalidRecords: { totalCount: number } }>(
    "{ invalidRecords { totalCount } }",
  );
  expect(invalidRecords.totalCount, "applications that could not be read").toBeGreaterThan(0);
  const positions = await route(company);
  await company.apply({ position: positions[0], count: 4 });
  await company.import(accountId);
  const openingId = await select(company, positions[0] ?? "");
  await company.ask('mutation { createToken(input: {name: "採用ダッシュボード"}) { secret errors { message } } }');
  await company.ask(
    `mutation {
      addNotificationEndpoint(channel: SLACK, input: {
        name: "採用チームのSlack", url: "https://hooks.slack.example/services/T0/B0/x", kinds: [LINK_FAILED, STALE, WAITING]
      }) { errors { message } }
    }`,
  );
  const fileId = await importFile(company);
  const { importRuns, applications } = await company.ask<{
    importRuns: { nodes: { id: string }[] };
    applications: { nodes: { candidate: { id: string } }[] };
  }>(
    "query($openingId: ID) { importRuns { nodes { id } } applications(openingId: $openingId, first: 1) { nodes { candidate { id } } } }",
    { openingId },
  );
  const runId = importRuns.nodes.at(-1)?.id;
  const candidateId = applications.nodes[0]?.candidate.id;
  if (!runId || !candidateId) throw new Error("nobody came in");
  return { company, troubled, openingId, candidateId, runId, fileId };
}

/** Has some of those who apply be such that nobody can read what they say; what mends that. */
export async function poison(company: Company): Promise<() => Promise<unknown>> {
  const email = `ok@${company.domain}`;
  const { numbers } = await company.atWantedly<{ numbers: number[] }>("tickets", {
    domain: company.domain,
    position: "広報",
    count: 12,
  });
  for (let seed = 1; ; seed++) {
    await company.atWantedly("faults", { email, faults: [{ do: "poison", seed }] });
    const answer = await fetch(`${company.wantedly}/_control/poisoned?email=${encodeURIComponent(email)}`);
    const poisoned = ((await answer.json()) as { numbers: number[] }).numbers;
    if (poisoned.filter((each) => numbers.includes(each)).length >= 2)
      return () => company.atWantedly("faults", { email, faults: [] });
  }
}

/** Registers an account with a password that is wrong, and waits until that is told of. */
async function fail(company: Company): Promise<void> {
  await company.ask(
    "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { account { id } errors { message } } }",
    { input: { email: `ok@${company.domain}`, password: "wrong" } },
  );
  await expect
    .poll(
      async () =>
        (await company.ask<{ incidents: { totalCount: number } }>("{ incidents(open: true) { totalCount } }")).incidents
          .totalCount,
      { timeout: 60_000 },
    )
    .toBe(1);
}

/** Opens openings for the positions that most wait for, and rules for two of them; the positions. */
async function route(company: Company): Promise<string[]> {
  const { waitingPositions } = await company.ask<{ waitingPositions: { positionName: string; count: number }[] }>(
    "{ waitingPositions { positionName count } }",
  );
  const most = waitingPositions.toSorted((a, b) => b.count - a.count).map(({ positionName }) => positionName);
  for (const [i, position] of most.slice(0, 3).entries()) {
    const opening = await company.opening(position);
    if (i < 2) await company.rule(position, opening);
  }
  return most;
}

/** Moves those who applied for an opening on, and ends some selections; the opening. */
async function select(company: Company, name: string): Promise<string> {
  const { openings } = await company.ask<{ openings: { nodes: { id: string; name: string; steps: Step[] }[] } }>(
    "{ openings { nodes { id name steps { id kind } } } }",
  );
  const opening = openings.nodes.find((each) => each.name === name);
  if (!opening) throw new Error(`there is no opening ${name}`);
  const { applications } = await company.ask<{ applications: { nodes: { id: string }[] } }>(
    "query($id: ID) { applications(openingId: $id, first: 50) { nodes { id } } }",
    { id: opening.id },
  );
  const ends = [
    ["REJECTED", "SKILLS"],
    ["WITHDRAWN", "OTHER_OFFER"],
  ] as const;
  for (const [i, { id }] of applications.nodes.entries()) {
    const step = opening.steps[Math.floor(i / 2) % (opening.steps.length - 1)];
    if (i > 1 && step && i % 2 === 0) {
      await company.ask(
        "mutation($id: ID!, $stepId: ID!) { moveApplication(id: $id, stepId: $stepId) { errors { message } } }",
        {
          id,
          stepId: step.id,
        },
      );
    }
    const end = ends[i - 3];
    if (end) {
      await company.ask(
        `mutation($id: ID!) { closeApplication(id: $id, outcome: ${end[0]}, reasons: [${end[1]}]) { errors { message } } }`,
        { id },
      );
    }
  }
  return opening.id;
}

/** Has a file of applicants come in; its import. */
async function importFile(company: Company): Promise<string> {
  const lines = [
    "氏名,メールアドレス,応募求人,応募日",
    "田中 陽菜,hina@mail.invalid,広報,2026-11-01",
    "佐藤 美咲,misaki@mail.invalid,広報,2026-11-02",
  ];
  const form = new FormData();
  const query = `mutation($file: Upload!) {
    importApplicants(input: {medium: GREEN, file: $file, defaultPositionName: "広報"}) { import { id } errors { message } }
  }`;
  form.set("operations", JSON.stringify({ query, variables: { file: null } }));
  form.set("map", JSON.stringify({ 0: ["variables.file"] }));
  form.set("0", new Blob([lines.join("\r\n")], { type: "text/csv" }), "green-応募者.csv");
  const answer = await fetch(`${company.url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${company.admin.token}`, "graphql-require-preflight": "1" },
    body: form,
  });
  const said = (await answer.json()) as { data?: { importApplicants: { import: { id: string } | null } } };
  const id = said.data?.importApplicants.import?.id;
  if (!id) throw new Error(`the file was not taken: ${JSON.stringify(said)}`);
  return id;
}
