import { type Document, listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { joinPath } from "../../../formats/tree.ts";
import type { Collector, View } from "../../collector.ts";
import { environmentVariable } from "../../environment.ts";

const FILE = "stationmaster.yaml";
/** How `init` starts a service on this machine; production starts it as the code says. */
const LOCAL = /(?:^|[\s/])(?:node_modules\/\.bin|\.?venv\/bin)\/|^python3? -u |-m http\.server\b|\b127\.0\.0\.1\b/;

/** What somebody decided in the manifest: it goes before all that the repository shows. */
export const manifestCollector: Collector = {
  id: "manifest",
  reads: [FILE],
  collect(view) {
    if (!view.snapshot.has(FILE)) return;
    const document = view.snapshot.yaml(FILE);
    const services = Object.entries(recordAt(document.value, ["services"])).filter(([, service]) =>
      isHere(view, service),
    );
    const programs = view.unit.program === null ? services : services.filter(([name]) => name === view.unit.program);
    const main = programs.find(([, service]) => stringAt(service, ["kind"]) !== "worker") ?? programs[0];
    if (!main) return;
    const [name] = main;
    view.claim("name", name, answer(view, document, ["services", name]));
    serviceAnswers(view, document, name);
    for (const [other] of programs) if (other !== name) processAnswer(view, document, { other, name });
  },
};

function isHere({ unit }: View, service: unknown): boolean {
  return joinPath(".", stringAt(service, ["path"]) ?? ".") === unit.path;
}

function serviceAnswers(view: View, document: Document, name: string): void {
  const at = (...key: string[]) => answer(view, document, ["services", name, ...key]);
  const { value } = document;
  const own = recordAt(value, ["services", name]);
  const start = commandOf(own.start);
  if (start !== undefined && LOCAL.test(start))
    view.miss(
      "start",
      "the manifest says how it starts on this machine; production starts it as the code says",
      at("start").at,
    );
  else if (start !== undefined) view.claim("start", start, at("start"));
  const build = commandOf(own.build);
  if (build !== undefined) view.claim("build", build, at("build"));
  const isText = typeof own.health === "string";
  const health = isText ? String(own.health) : stringAt(own.health, ["path"]);
  if (health?.startsWith("/")) view.claim("health", health, isText ? at("health") : at("health", "path"));
  if (typeof own.port === "number") view.claim("port", own.port, at("port"));
  if (own.kind === "worker") view.claim("kind", "worker", at("kind"));
  const tool = stringAt(own.migrate, ["tool"]);
  const command = commandOf(recordAt(own.migrate).command);
  if (tool !== undefined && command !== undefined) view.claim("migrations", { tool, command }, at("migrate"));
  for (const folder of listAt(own.data)) {
    if (typeof folder === "string") view.claimEach("state", folder, { path: folder, what: null }, at("data"));
  }
  storeAnswers(view, document, name);
}

/** The stores that it names, and its variables. */
function storeAnswers(view: View, document: Document, name: string): void {
  const own = recordAt(document.value, ["services", name]);
  const env = recordAt(own.env);
  const kindOf = (store: string) => stringAt(document.value, ["stores", store, "kind"]);
  for (const [variable, text] of Object.entries(env)) {
    const where = answer(view, document, ["services", name, "env", variable]);
    const secret = String(text).includes("${");
    const known = environmentVariable(variable, { default: secret ? null : String(text) });
    view.claimEach("env", variable, known, where);
    const kind = kindOf(/^\$\{store:([\w-]+)\}$/.exec(String(text))?.[1] ?? "");
    if (kind !== undefined) view.claimEach("store", kind, { kind, variable, version: null, extensions: [] }, where);
  }
  for (const [index, store] of listAt(own.depends_on).entries()) {
    const kind = kindOf(String(store));
    const where = answer(view, document, ["services", name, "depends_on", index]);
    if (kind !== undefined)
      view.claimEach("store", kind, { kind, variable: null, version: null, extensions: [] }, where);
  }
}

/** A worker in the folder of another service is a process of it. */
function processAnswer(view: View, document: Document, { other, name }: { other: string; name: string }): void {
  const command = commandOf(recordAt(document.value, ["services", other]).start);
  if (command === undefined || LOCAL.test(command)) return;
  const process = other.startsWith(`${name}-`) ? other.slice(name.length + 1) : other;
  view.claimEach("process", process, { name: process, command }, answer(view, document, ["services", other, "start"]));
}

function answer(view: View, document: Document, path: (string | number)[]) {
  return { source: "answer" as const, at: view.seenAt(FILE, document, path, "answer") };
}

function commandOf(value: unknown): string | undefined {
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === "string")
    ? value.join(" ")
    : undefined;
}
