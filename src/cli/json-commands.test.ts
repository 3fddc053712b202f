import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { Check, CheckResult } from "../contract/check.ts";
import { DevOpsAnswer } from "../contract/devops.ts";
import { HealingFigures, HealingPlan } from "../contract/healing.ts";
import { Heartbeat } from "../contract/heartbeat.ts";
import { Incident, IncidentSummary } from "../contract/incident.ts";
import { ChannelTest, Notification } from "../contract/notification.ts";
import { StoredReport } from "../contract/report.ts";
import { Silence } from "../contract/silence.ts";
import { SloReport } from "../contract/slo.ts";
import { Workers } from "../contract/worker.ts";
import { toKnownError } from "../core/errors.ts";
import { lockDaemon } from "../daemon/lock.ts";
import { findPlace, makePlace } from "../daemon/place.ts";
import { answers } from "../server/answers/testing.ts";
import { startServer } from "../server/index.ts";
import { createFakeHouse } from "../server/testing.ts";
import { errorText } from "./failure.ts";
import { buildProgram } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "sm-json-"));
const place = findPlace({ config: join(folder, "stationmaster.yaml"), state: join(folder, "state") });
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  makePlace(place);
  const { usecases } = createFakeHouse();
  const job = { ...(answers.checks[0] as Check), id: "backup", type: "heartbeat" as const };
  const check = async (name: string) => (name === job.id ? job : await usecases.check(name));
  const server = await startServer({ usecases: { ...usecases, check }, port: 0, version: "1" });
  const lock = await lockDaemon(place);
  lock.announce({ url: server.url, environment: "local", token: undefined });
  closing.push(() => server.close(), lock.release);
});
afterAll(async () => {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true });
});
afterEach(() => void vi.restoreAllMocks());

/** What a command writes to standard output, with `--json`. */
async function output(args: readonly string[]): Promise<string> {
  let written = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written += String(text);
    return true;
  });
  const program = buildProgram();
  const { configFile, stateDir } = place;
  await program.parseAsync(["node", "stationmaster", ...args, "--json", "--config", configFile, "--state", stateDir]);
  return written;
}

const silenced = z.object({ silence: Silence, warnings: z.array(z.string()) });
const INC = "inc-1";

test.each<[string, string[], z.ZodType]>([
  ["checks", [], z.object({ checks: z.array(Check) })],
  ["checks --workers", [], Workers],
  ["checks web/health", [], z.object({ check: Check })],
  ["checks web/health --results", [], z.object({ results: z.array(CheckResult) })],
  ["checks web/health --run", [], z.object({ check: Check })],
  ["slo", [], z.object({ objectives: z.array(SloReport) })],
  ["incidents --all", [], z.object({ incidents: z.array(IncidentSummary) })],
  [`incidents ${INC}`, [], Incident],
  ["incidents open --severity SEV1 --symptom", ["charged twice", "--service", "api"], Incident],
  [`incidents close ${INC} --note`, ["see PR 41"], Incident],
  [`incidents severity ${INC} SEV3 --note demo`, [], Incident],
  [`incidents freeze ${INC}`, [], Incident],
  [`incidents unfreeze ${INC}`, [], Incident],
  [`ack ${INC}`, [], Incident],
  ["silence service=api --for 2h --reason", ["new disks"], silenced],
  ["silence add service=api --maintenance --for 2h --dry-run --reason", ["new disks"], silenced],
  ["silence list", [], z.object({ silences: z.array(Silence) })],
  ["silence end sil-1", [], Silence],
  [`heal ${INC}`, [], HealingPlan],
  [`heal ${INC} --now --yes`, [], Incident],
  ["heal --figures", [], HealingFigures],
  [`decline ${INC} --reason`, ["the disk is full"], Incident],
  ["notify list", [], z.object({ notifications: z.array(Notification) })],
  ["notify test page", [], z.object({ channels: z.array(ChannelTest) })],
  ["devops stats", [], DevOpsAnswer],
  ["devops clear-sessions --yes", [], DevOpsAnswer],
  ["report list", [], z.object({ reports: z.array(StoredReport).min(1) })],
  ["rules", [], z.object({ rules: z.string().startsWith("groups:") })],
  ["rules --out", [join(folder, "rules.yaml")], z.object({ file: z.string() })],
  ["status-page export", [join(folder, "page")], z.object({ files: z.array(z.string()).min(1) })],
])("%s --json is one document of its contract", async (words, more, schema) => {
  const written = await output([...words.split(" "), ...more]);
  expect(() => schema.parse(JSON.parse(written))).not.toThrow();
});

test("an address of a job is shown anew; files are written where they were asked for", async () => {
  const shown = JSON.parse(await output(["checks", "backup", "--new-token"]));
  expect(Heartbeat.parse(shown.heartbeat).path).toMatch(/^\/hb\//);
  expect(readFileSync(join(folder, "rules.yaml"), "utf8")).toMatch(/^groups:/);
});

test.each<[string, string[], string, number]>([
  ["checks nothing", [], "SM-CHECK-UNKNOWN", 2],
  ["incidents inc-9", [], "SM-INCIDENT-UNKNOWN", 2],
  ["heal inc-9", [], "SM-INCIDENT-UNKNOWN", 2],
  ["heal", [], "SM-USAGE", 2],
  [`heal ${INC} --now`, [], "SM-CONFIRM", 2],
  ["silence add api --for 2h --reason disks", [], "SM-USAGE", 2],
  ["silence add service=api --for soon --reason disks", [], "SM-USAGE", 2],
  ["incidents severity inc-1 SEV9 --note demo", [], "SM-USAGE", 2],
  ["heal --figures --days 0", [], "SM-USAGE", 2],
])("%s fails with one document that says why", async (words, more, code, exitCode) => {
  const error = await output([...words.split(" "), ...more]).then(
    (written) => expect.fail(`it wrote ${written}`),
    (thrown: unknown) => toKnownError(thrown),
  );
  const said = JSON.parse(errorText(error, { json: true, verbose: false }));
  expect(said.error).toMatchObject({ code, exitCode, message: expect.any(String) });
});
