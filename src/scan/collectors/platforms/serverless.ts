import { isRecord, listAt, type Path, recordAt, stringAt, valueAt } from "../../../formats/document.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import type { Snapshot } from "../../snapshot.ts";
import { filesLike } from "./names.ts";
import { type About, type Platform, type Seen, type Site, seenIn } from "./platform.ts";
import { tellCron, tellVariable } from "./tell.ts";

/** `serverless.yml` of the Serverless Framework. */
export const serverless: Platform = {
  id: "serverless",
  reads: ["serverless.yml"],
  find: (snapshot) => filesLike(snapshot, /^serverless\.ya?ml$/),
  read(site) {
    for (const file of site.files) readServerless(site, file);
  },
};

/** Templates of AWS SAM. */
export const sam: Platform = {
  id: "aws-sam",
  reads: ["template.yaml"],
  find: (snapshot) =>
    filesLike(snapshot, /^(?:template|sam|sam-template)\.ya?ml$/).filter((file) => isSam(snapshot, file)),
  read(site) {
    for (const file of site.files) readSam(site, file);
  },
};

/** `nodejs20.x`, `python3.12`, `java21`, `go1.x`, `provided.al2023`. */
function lambdaRuntime(text: string | undefined): { name: string; version: string } | undefined {
  const [, family = "", version = ""] =
    /^(nodejs|python|java|ruby|dotnet)(?:core)?(\d+(?:\.\d+)?)/.exec(text ?? "") ?? [];
  if (version === "") return undefined;
  return { name: family === "nodejs" ? "node" : family, version };
}

function tellRuntime(about: About, text: string | undefined, seen: Seen): void {
  about.claim("runtime", lambdaRuntime(text), { ...seen, rule: "runtime" });
}

function readServerless(site: Site, file: string): void {
  const document = site.snapshot.yaml(file);
  const seen = seenIn(file, document);
  const { value } = document;
  const about = site.about(file, folderOf(file));
  tellRuntime(about, stringAt(value, ["provider", "runtime"]), seen("provider", "runtime"));
  for (const name of Object.keys(recordAt(value, ["provider", "environment"])))
    tellVariable(about, name, seen("provider", "environment", name));
  for (const name of Object.keys(recordAt(value, ["functions"]))) {
    const events = listAt(value, ["functions", name, "events"]);
    const isCalled = events.some((event) => /^(?:http|httpApi|alb|websocket)$/.test(keyOf(event)));
    tellKind(about, isCalled, seen("functions", name, "events"));
    for (const key of Object.keys(recordAt(value, ["functions", name, "environment"])))
      tellVariable(about, key, seen("functions", name, "environment", key));
    for (const [index, event] of listAt(value, ["functions", name, "events"]).entries())
      for (const schedule of schedulesOf(event))
        tellCron(
          about,
          { name, schedule, command: stringAt(value, ["functions", name, "handler"]) },
          seen("functions", name, "events", index),
        );
  }
}

/** `schedule: rate(1 hour)`, or a mapping with one `rate` or several. */
function schedulesOf(event: unknown): string[] {
  const direct = stringAt(event, ["schedule"]);
  if (direct !== undefined) return [direct];
  const rate = valueAt(event, ["schedule", "rate"]);
  const all = Array.isArray(rate) ? rate : [rate];
  return all.filter((one) => typeof one === "string").slice(0, 1);
}

/** Functions that requests call; what the code says of a whole application goes first. */
function tellKind(about: About, isCalled: boolean, seen: Seen): void {
  if (isCalled) about.claim("kind", "api", { ...seen, source: "convention", confidence: 0.6, rule: "functions" });
}

function keyOf(event: unknown): string {
  return typeof event === "string" ? event : (Object.keys(recordAt(event))[0] ?? "");
}

function isSam(snapshot: Snapshot, file: string): boolean {
  return /AWS::Serverless/.test(snapshot.text(file) ?? "");
}

function readSam(site: Site, file: string): void {
  const document = site.snapshot.yaml(file);
  const seen = seenIn(file, document);
  const { value } = document;
  const shared = stringAt(value, ["Globals", "Function", "Runtime"]);
  for (const [name, resource] of Object.entries(recordAt(value, ["Resources"]))) {
    if (!isRecord(resource) || resource.Type !== "AWS::Serverless::Function") continue;
    const at = (...path: Path) => seen("Resources", name, "Properties", ...path);
    const properties = recordAt(resource, ["Properties"]);
    const code = stringAt(properties, ["CodeUri"]);
    const about = site.about(file, joinPath(folderOf(file), `./${code ?? ""}`));
    const own = stringAt(properties, ["Runtime"]);
    tellRuntime(about, own ?? shared, own === undefined ? seen("Globals", "Function", "Runtime") : at("Runtime"));
    for (const key of [
      ...Object.keys(recordAt(properties, ["Environment", "Variables"])),
      ...Object.keys(recordAt(value, ["Globals", "Function", "Environment", "Variables"])),
    ])
      tellVariable(about, key, at("Environment", "Variables", key));
    const events = Object.entries(recordAt(properties, ["Events"]));
    tellKind(
      about,
      events.some(([, entry]) => /^(?:Http)?Api$/.test(stringAt(entry, ["Type"]) ?? "")),
      at("Events"),
    );
    for (const [event, entry] of events) {
      if (!/^Schedule(?:V2)?$/.test(stringAt(entry, ["Type"]) ?? "")) continue;
      const schedule =
        stringAt(entry, ["Properties", "Schedule"]) ?? stringAt(entry, ["Properties", "ScheduleExpression"]);
      tellCron(about, { name, schedule, command: stringAt(properties, ["Handler"]) }, at("Events", event));
    }
  }
}
