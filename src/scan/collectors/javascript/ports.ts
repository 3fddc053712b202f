import { parseDotenv } from "../../../formats/dotenv.ts";
import { places } from "../../../formats/text.ts";
import { baseOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { listenFlags, portOf } from "../../command-line.ts";
import type { Evidence } from "../../fact.ts";
import type { FoundFramework } from "./framework.ts";
import { scriptsOf } from "./imports.ts";
import { LISTENS, type ListenCall, listenCalls } from "./listen/calls.ts";
import { type Evaluated, evaluate } from "./listen/evaluate.ts";
import { type Module, moduleOf } from "./listen/module.ts";
import type { Project } from "./project.ts";
import type { Site } from "./sites/site.ts";
import type { Start } from "./started.ts";

interface Listening {
  call: ListenCall;
  module: Module;
  port: Evaluated | undefined;
  host: Evaluated | undefined;
  at: Evidence;
}

/** Where programs listen by their documentation, unless they are told otherwise. */
const USUAL: Readonly<Record<string, number>> = {
  next: 3000,
  nuxt: 3000,
  "remix-serve": 3000,
  "react-router-serve": 3000,
  vinxi: 3000,
  blitz: 3000,
  strapi: 1337,
  medusa: 9000,
  keystone: 3000,
  sails: 1337,
  serve: 3000,
  "http-server": 8080,
  vite: 4173,
  gatsby: 9000,
  docusaurus: 3000,
  astro: 4321,
  fastify: 3000,
  "functions-framework": 8080,
  micro: 3000,
  "json-server": 3000,
  "node-red": 1880,
};
/** Where a server listens that is told no port, by what starts it. */
const UNTOLD: Readonly<Record<string, number>> = { "Bun.serve": 3000, "Deno.serve": 8000, startStandaloneServer: 4000 };
const NODE_PORT = 3000;
const DENO_PORT = 8000;
const SERVES_CODE =
  /^(?:node|bun|deno|tsx|ts-node|ts-node-esm|babel-node|vite-node|pm2-runtime|esno|nest|jiti|swc-node)$/;
const SAMPLES = /^\.env\.(?:example|sample|template|dist|defaults?)$|^(?:example|sample)\.env$|^env\.example$/;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/;

/** Claims where the program listens: what the start command says, what the code says, what its framework does. */
export function claimPorts(
  project: Project,
  question: { start: Start | undefined; framework: FoundFramework | undefined; site: Site | undefined },
): boolean {
  const { start, framework, site } = question;
  const { view } = project;
  const flagged = start !== undefined && claimFlags(project, start);
  const own = start !== undefined && SERVES_CODE.test(start.program) && start.command !== site?.start?.value;
  const found = own || framework?.row.role === "server" ? listenings(view, start?.entry) : [];
  claimCode(view, found, start);
  const numbered = flagged || found.some(({ port }) => typeof port?.value === "number");
  if (site?.port && start && !start.static && !numbered)
    view.claim("port", site.port.value, {
      source: site.port.source,
      confidence: site.port.confidence,
      at: site.port.at,
    });
  const usual = start && Object.hasOwn(USUAL, start.program) ? USUAL[start.program] : undefined;
  if (usual !== undefined && start && !numbered && usual !== site?.port?.value)
    view.claim("port", usual, { source: "convention", confidence: 0.7, at: start.at });
  claimOwnSetting(view, framework);
  const serves = found.length > 0;
  if (framework?.row.role === "server" && start && !numbered) {
    const sampled = claimSample(project);
    // No call names a port: the framework listens where its documentation says.
    if (found.every(({ call }) => call.port === undefined) && framework.row.port !== undefined)
      view.claim("port", framework.row.port, { source: "convention", confidence: 0.5, at: framework.at });
    if (!sampled) view.claim("port", NODE_PORT, { source: "default", at: framework.at });
  }
  return serves;
}

/** Claims where the code of a program of Deno listens; whether it does. */
export function claimDenoPorts(view: View): boolean {
  const found = listenings(view, undefined);
  claimCode(view, found, undefined, DENO_PORT);
  return found.length > 0;
}

/** What the start command itself says; whether it names a port. */
function claimFlags({ view }: Project, start: Start): boolean {
  const words = start.command.split(/\s+/);
  // `-l 3000` of a static server is a port; `--host` alone opens all addresses.
  const plain = words.map((word, index) => (/^\d+$/.test(word) && words[index - 1] === "-l" ? `:${word}` : word));
  const told = listenFlags(plain);
  const host = told.host?.startsWith("-") ? undefined : told.host;
  const variable = /(?:^|\s)PORT=(\d+|\$\{\w+:-\d+\})(?=\s)/.exec(`${start.command} `)?.[1];
  const port = told.port ?? (variable === undefined ? undefined : portOf(variable));
  if (port !== undefined) view.claim("port", port, { source: "project", at: start.at });
  if (host !== undefined) view.claim("bind", host, { source: "project", at: start.at });
  else if (start.program === "vite" && !words.includes("--host"))
    view.claim("bind", "localhost", { source: "convention", confidence: 0.8, at: start.at });
  return port !== undefined;
}

/** Where the code of the package listens; what the start command runs goes first. */
function listenings(view: View, entry: string | undefined): Listening[] {
  const files = scriptsOf(view).filter((file) => LISTENS.test(view.snapshot.text(file) ?? ""));
  const all = entry !== undefined && !files.includes(entry) ? [entry, ...files] : files;
  const found = all.flatMap((file): Listening[] => {
    const module = moduleOf(view.snapshot, file, view.unit.path);
    if (!module) return [];
    const placeOf = places(module.masked.code);
    return listenCalls(module).map((call) => ({
      call,
      module,
      port: call.port && evaluate(view.snapshot, view.unit.path, module, call.port),
      host: call.host && evaluate(view.snapshot, view.unit.path, module, call.host),
      at: view.seen(file, placeOf(call.at), "listens"),
    }));
  });
  return found.toSorted((a, b) => weight(b, entry) - weight(a, entry));
}

/** How likely it is the main port: servers before sockets, what the environment decides, the file that is started. */
function weight({ call, port, module }: Listening, entry: string | undefined): number {
  return (call.kind === "socket" ? 0 : 4) + (port?.variable ? 2 : 0) + (module.file === entry ? 1 : 0);
}

function claimCode(view: View, found: readonly Listening[], start: Start | undefined, usual = NODE_PORT): void {
  const numbered = found.filter(({ port }) => isPort(port?.value));
  const [first] = numbered;
  const bare = found.find(({ call, port }) => call.kind === "serve" && call.port === undefined && !port);
  if (first) {
    const top = numbered.filter((one) => weight(one, start?.entry) === weight(first, start?.entry));
    const same = top.filter(({ port }) => port?.value === first.port?.value);
    const confidence =
      first.call.kind === "socket" ? 0.6 : top.length > same.length ? 0.7 : first.port?.variable ? 0.9 : 0.85;
    view.claim("port", first.port?.value as number, {
      source: "code",
      confidence,
      at: same.flatMap((one) => [placeOf(one), one.at]),
    });
    for (const { port, at } of top.filter((one) => !same.includes(one)))
      view.miss("port", `${port?.value} is listened on too`, at);
  } else if (found.some(({ call, module }) => !call.port && /["']apollo-server["']/.test(module.masked.code))) {
    view.claim("port", UNTOLD.startStandaloneServer as number, {
      source: "convention",
      confidence: 0.7,
      at: found[0]?.at ?? [],
    });
  } else if (bare) {
    const port = UNTOLD[bare.call.name] ?? (/^(?:serve|export default)$/.test(bare.call.name) ? usual : undefined);
    if (port !== undefined) view.claim("port", port, { source: "convention", confidence: 0.7, at: bare.at });
  } else if (found.length === 0 && start?.program === "bun" && start.entry && exportsApp(view, start.entry))
    view.claim("port", usual, { source: "convention", at: view.seen(start.entry, 1, "exported") });
  const main = first ?? found[0];
  const host = main?.host;
  if (main && typeof host?.value === "string" && /^[\w.:[\]-]+$/.test(host.value)) {
    // An address that a variable may replace is no obstacle.
    const confidence = host.variable && LOOPBACK.test(host.value) ? 0.6 : 0.85;
    view.claim("bind", host.value, { source: "code", confidence, at: main.at });
  } else if (
    main &&
    !main.call.host &&
    /^(?:fastify|server|app)\.listen$/.test(main.call.name) &&
    isFastify(main.module)
  ) {
    view.claim("bind", "localhost", { source: "convention", confidence: 0.8, at: main.at });
  }

  function placeOf({ port, at }: Listening): Evidence {
    const text = port && view.snapshot.text(port.file);
    return port && text !== undefined ? view.seen(port.file, places(text)(port.at), "port") : at;
  }
}

/** `export default app`: what Bun serves by itself, where it has a `fetch`. */
function exportsApp({ snapshot }: View, file: string): boolean {
  return /\bexport\s+default\s+\w+\s*;?\s*$/m.test(snapshot.code(file, "javascript")?.bare ?? "");
}

/** Fastify listens on the loopback address unless it is told another one. */
function isFastify({ masked }: Module): boolean {
  return /["']fastify["']/.test(masked.code) && !/["'](?:@nestjs\/core|express)["']/.test(masked.code);
}

function isPort(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value < 65_536;
}

/** Frameworks that take their port from a file of a name of its own. */
function claimOwnSetting(view: View, framework: FoundFramework | undefined): void {
  const named = (...files: string[]) => files.map((path) => view.path(path));
  const id = framework?.row.id;
  if (id === "strapi") claimSetting(view, named("config/server.js", "config/server.ts"));
  if (id === "keystone") claimSetting(view, named("keystone.ts", "keystone.js"), "server");
  if (id === "moleculer")
    claimSetting(
      view,
      view.sources.filter((path) => /\.service\.[jt]s$/.test(path)),
      "settings",
    );
}

/** The property `port` of a configuration that is code. */
function claimSetting(view: View, files: readonly (string | undefined)[], below?: string): void {
  for (const file of files) {
    const module = file === undefined ? undefined : moduleOf(view.snapshot, file, view.unit.path);
    const property = module
      ?.properties()
      .find(({ path }) => path.at(-1) === "port" && (below === undefined || path.at(-2) === below));
    const value = module && property && evaluate(view.snapshot, view.unit.path, module, property);
    if (!module || !isPort(value?.value)) continue;
    const at = view.seen(module.file, places(module.masked.code)(value.at), "setting");
    return void view.claim("port", value.value, { source: "code", at });
  }
}

/** The port of a sample of the environment: weak, for people change it. */
function claimSample({ view }: Project): boolean {
  let found = false;
  for (const file of view.snapshot.inFolder(view.unit.path).filter((path) => SAMPLES.test(baseOf(path)))) {
    const entry = parseDotenv(view.snapshot.text(file) ?? "").find(({ key }) => key === "PORT");
    const port = entry && portOf(entry.value);
    if (!entry || port === undefined) continue;
    view.claim("port", port, { source: "convention", confidence: 0.55, at: view.seen(file, entry, "sample") });
    found = true;
  }
  return found;
}
