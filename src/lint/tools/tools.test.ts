import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../../exec/program.ts";
import { contextOf } from "../rules/testing.ts";
import { runTools, type ToolOutcome } from "./run-tools.ts";

async function outcomes(files: Record<string, string>, options: { path?: string } = {}): Promise<ToolOutcome[]> {
  return await runTools({ context: contextOf(files), ...options });
}
const lineOf = ({ tool, path, state, reason, findings }: ToolOutcome) =>
  [`${tool} ${path} ${state}`, reason, ...findings.map(({ file, line, message }) => `${file}:${line} ${message}`)]
    .filter(Boolean)
    .join(" | ");

const RULES =
  "groups:\n  - name: shop\n    rules:\n      - alert: Down\n        expr: up == 0\n        for: 1m\n        labels: { severity: page }\n";
const TESTS =
  'rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series: [{ series: \'up{job="shop"}\', values: "0 0 0" }]\n    alert_rule_test:\n      - eval_time: 2m\n        alertname: Down\n        exp_alerts: [{ exp_labels: { severity: page, job: shop } }]\n';
const MODULE =
  'terraform {\n  required_version = ">= 1.0"\n}\n\nvariable "name" {\n  type = string\n}\n\noutput "name" {\n  value = var.name\n}\n';
const PATCHED = {
  "k8s/base/kustomization.yaml": "resources: [app.yaml]\n",
  "k8s/base/app.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { A: b }\n",
  "k8s/overlays/x/kustomization.yaml": "resources: [../../base]\npatches: [{ path: p.yaml }]\n",
  "k8s/overlays/x/p.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { A: c }\n",
};

type Case = readonly [name: string, files: Record<string, string>, told: readonly RegExp[]];
const REAL: Record<string, readonly Case[]> = {
  promtool: [
    [
      "sound rules and tests",
      { "p/rules.yml": RULES, "p/rules.test.yml": TESTS },
      [/^promtool p\/rules\.yml passed$/, /^promtool p\/rules\.test\.yml passed$/],
    ],
    [
      "a duration that is none",
      { "p/rules.yml": RULES.replace("1m", "1x") },
      [/^promtool p\/rules\.yml failed \| p\/rules\.yml:\d+ .*duration/],
    ],
    [
      "a test that fails",
      { "p/rules.yml": RULES, "p/rules.test.yml": TESTS.replace("job: shop }", "job: other }") },
      [/passed$/, /^promtool p\/rules\.test\.yml failed .*alertname: Down/],
    ],
    [
      "a configuration",
      { "p/prometheus.yml": "scrape_configs:\n  - job_name: a\n    static_config: []\n" },
      [/failed \| p\/prometheus\.yml:3 .*static_config/],
    ],
  ],
  terraform: [
    [
      "a sound module",
      { "infra/main.tf": MODULE },
      [/^terraform-fmt infra passed$/, /^terraform-validate infra passed$/],
    ],
    [
      "a file that is not formatted",
      { "infra/main.tf": MODULE.replace("type = string", "type   =   string") },
      [/^terraform-fmt infra failed \| infra\/main\.tf:1 not formatted/, /passed$/],
    ],
    [
      "a variable that is not there",
      { "infra/main.tf": MODULE.replace("var.name", "var.nmae") },
      [/passed$/, /^terraform-validate infra failed \| infra\/main\.tf:10 Reference to undeclared input variable/],
    ],
    [
      "modules beside it",
      { "infra/main.tf": 'module "m" {\n  source = "./m"\n  name   = "x"\n}\n', "infra/m/main.tf": MODULE },
      [/passed$/, /passed$/, /passed$/, /passed$/],
    ],
    [
      "a provider that is not here",
      { "infra/main.tf": 'resource "aws_sqs_queue" "q" {\n}\n' },
      [/passed$/, /^terraform-validate infra not checked \| its providers or modules are not here/],
    ],
    [
      "a module that would be fetched",
      { "infra/main.tf": 'module "vpc" {\n  source  = "terraform-aws-modules/vpc/aws"\n  version = "5.0.0"\n}\n' },
      [/passed$/, /not checked \| module terraform-aws-modules\/vpc\/aws would have to be fetched/],
    ],
  ],
  kubectl: [
    [
      "base, overlay, patch",
      PATCHED,
      [/^kustomize k8s\/base\/kustomization\.yaml passed$/, /^kustomize k8s\/overlays\/x\/kustomization\.yaml passed$/],
    ],
    [
      "a resource that is not there",
      { "k8s/kustomization.yaml": "resources: [gone.yaml]\n" },
      [/^kustomize k8s\/kustomization\.yaml failed \| .*gone\.yaml/],
    ],
    [
      "a patch for nothing",
      { ...PATCHED, "k8s/overlays/x/p.yaml": PATCHED["k8s/overlays/x/p.yaml"].replace("name: a", "name: b") },
      [/passed$/, /failed \| .*no matches/],
    ],
    [
      "a base of elsewhere",
      { "k8s/kustomization.yaml": "resources: [https://github.com/acme/base//k8s?ref=v1]\n" },
      [/not checked \| a part of it would have to be fetched/],
    ],
  ],
  helm: [
    [
      "a sound chart",
      {
        "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
        "c/values.yaml": "a: 1\n",
        "c/templates/x.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }} }\n",
      },
      [/^helm c passed$/, /^helm c passed$/],
    ],
  ],
  shellcheck: [["a script", { "a.sh": "#!/bin/sh\necho $1\n" }, [/^shellcheck a\.sh failed \| a\.sh:2 .*SC2086/]]],
  caddy: [["a sound file", { Caddyfile: ":8080 {\n  respond ok\n}\n" }, [/^caddy Caddyfile passed$/]]],
};

for (const [program, cases] of Object.entries(REAL)) {
  const found = await findProgram([program]);
  if (!found) console.log(`skipped: ${program} is not installed here`);
  describe.skipIf(!found)(program, () => {
    test.each(cases)("%s", async (_, files, told) => {
      const lines = (await outcomes(files)).map(lineOf);
      expect(lines).toHaveLength(told.length);
      for (const [index, pattern] of told.entries()) expect(lines[index]).toMatch(pattern);
    });
  });
}

test("without its program nothing is passed", async () => {
  const found = await outcomes(
    { "p/rules.yml": RULES, "infra/main.tf": MODULE, "run.sh": "echo", ...PATCHED },
    { path: "/nowhere" },
  );
  expect(new Set(found.map(({ state }) => state))).toEqual(new Set(["not checked"]));
  expect(found.map(({ tool, reason }) => `${tool}: ${reason}`)).toContain("promtool: promtool is not installed");
});

test("nothing to look at, no programs, no folder", async () => {
  expect(await outcomes({ "README.md": "x" })).toEqual([]);
});

describe("programs that answer as the real ones do", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fake-tools-"));
    const program = async (name: string, body: string) => {
      await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
      await chmod(join(folder, name), 0o755);
    };
    await program(
      "shellcheck",
      `cat >/dev/null; printf '{"comments":[{"line":2,"column":6,"level":"warning","code":2086,"message":"quote it"}]}'`,
    );
    await program(
      "helm",
      `if [ "$1" = lint ]; then echo '[ERROR] templates/: no'; exit 1; fi; echo 'Error: broken' >&2; exit 1`,
    );
    await program("caddy", `echo 'Error: adapting config: Caddyfile:3: unrecognized directive: respnd' >&2; exit 1`);
    await program("promtool", "kill -9 $$");
  });
  afterAll(async () => await rm(folder, { recursive: true }));

  test("shellcheck: lines of scripts and of blocks in workflows; expressions are words", async () => {
    const workflow =
      "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n          set -e\n          echo ${{ github.sha }}\n      - run: echo\n        shell: python\n";
    const found = await outcomes(
      { "s/a.sh": "echo\necho $1\n", ".github/workflows/a.yml": workflow },
      { path: folder },
    );
    expect(found.map(lineOf)).toEqual([
      "shellcheck s/a.sh failed | s/a.sh:2 quote it (SC2086)",
      "shellcheck .github/workflows/a.yml failed | .github/workflows/a.yml:8 quote it (SC2086)",
    ]);
  });

  test("helm and caddy: what they say, and where", async () => {
    const found = await outcomes(
      { "c/Chart.yaml": "name: c\ndependencies: []\n", "c/values.yaml": "{}", "web/Caddyfile": "x" },
      { path: folder },
    );
    expect(found.map(lineOf)).toEqual([
      "helm c failed | c/Chart.yaml:1 templates/: no",
      "helm c failed | c/Chart.yaml:1 broken",
      "caddy web/Caddyfile failed | web/Caddyfile:3 adapting config: Caddyfile:3: unrecognized directive: respnd",
    ]);
  });

  test("a chart whose dependencies are not here is not checked", async () => {
    const found = await outcomes(
      { "c/Chart.yaml": "name: c\ndependencies: [{ name: redis, version: 1.0.0 }]\n" },
      { path: folder },
    );
    expect(found.map(({ state }) => state)).toEqual(["failed", "not checked"]);
  });

  test("a program that dies has told nothing", async () => {
    const [found] = await outcomes({ "p/rules.yml": RULES }, { path: folder });
    expect(found).toMatchObject({ state: "not checked", reason: "promtool was ended before it answered" });
  });
});

test("what Railway reads is compiled against the package it imports, where that is installed", async () => {
  const root = await mkdtemp(join(tmpdir(), "tsc-"));
  const source = (port: string) =>
    `import { service } from "railway";\nexport const partial = "x";\nexport const api = service("api", { port: ${port} });\n`;
  const look = async (port: string) =>
    (await runTools({ context: contextOf({ ".railway/railway.ts": source(port) }), root, path })).map(lineOf);
  const path = fileURLToPath(new URL("../../../node_modules/.bin", import.meta.url));
  try {
    expect(await look("1")).toEqual(["tsc .railway/railway.ts not checked | the package railway is not installed"]);
    await mkdir(join(root, "node_modules/railway"), { recursive: true });
    await writeFile(
      join(root, "node_modules/railway/package.json"),
      '{"name":"railway","types":"i.d.ts","type":"module"}',
    );
    await writeFile(
      join(root, "node_modules/railway/i.d.ts"),
      "export declare function service(name: string, options: { port: number }): object;\n",
    );
    expect(await look("3000")).toEqual(["tsc .railway/railway.ts passed"]);
    expect(await look('"3000"')).toEqual([
      expect.stringMatching(/^tsc \.railway\/railway\.ts failed \| \.railway\/railway\.ts:3 TS2322: /),
    ]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}, 60_000);

test("the copy is removed, and an abort is an abort", async () => {
  const ours = () => readdirSync(tmpdir()).filter((name) => name.startsWith("stationmaster-check-"));
  const before = ours();
  const signal = AbortSignal.abort(new Error("enough"));
  const looking = runTools({ context: contextOf({ "infra/main.tf": MODULE }), signal });
  if (await findProgram(["terraform"])) await expect(looking).rejects.toThrow("enough");
  else await looking;
  expect(ours().filter((name) => !before.includes(name) && existsSync(join(tmpdir(), name)))).toEqual([]);
});
