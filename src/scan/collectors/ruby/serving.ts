import { baseOf, folderOf } from "../../../formats/tree.ts";
import type { Evidence, Source } from "../../fact.ts";
import { hitsIn } from "../../search.ts";
import type { FrameworkUse } from "./framework.ts";
import { askedAt, hitsOf, portIn, type RubyProject } from "./project.ts";

/** How a Ruby application is started, and where it then listens. */
export interface Serving {
  command: string;
  confidence: number;
  at: Evidence[];
  port: number;
  portSource: Source;
  portAt: Evidence[];
  bind: string | undefined;
  otherwise?: string;
}

interface Bound {
  port: number | undefined;
  bind: string | undefined;
  at: Evidence;
}

const PUMA = "config/puma.rb";
const UNICORN = ["config/unicorn.rb", "config/unicorn.conf.rb", "unicorn.rb"];
const RACK_PORT = 9292;
const EVERYWHERE = "0.0.0.0";

/** The server that a project asks for, before a framework's own. */
export function serve(project: RubyProject, use: FrameworkUse): Serving | undefined {
  const { framework, at } = use;
  const isRails = framework.id === "rails";
  const rackup = project.file("config.ru");
  if (isRails || framework.id === "hanami" || rackup !== undefined) {
    const found = byServer(project, use) ?? ownServer(project, use);
    if (!found) return undefined;
    return { ...found, at: rackup === undefined ? found.at : [...found.at, project.view.seen(rackup, 1, "rackup")] };
  }
  return use.file === undefined ? undefined : sinatraScript(project, use, at);
}

function byServer(project: RubyProject, { framework, at }: FrameworkUse): Serving | undefined {
  const { view, needs } = project;
  const fallback = framework.id === "rails" ? framework.port : RACK_PORT;
  const serving = (command: string, gem: string, bound: Bound | undefined, port: number): Serving => {
    const asked = needs(gem);
    return {
      command,
      confidence: 0.8,
      at: [...(asked ? [askedAt(project, asked)] : []), ...at].slice(0, 3),
      port: bound?.port ?? port,
      portSource: bound?.port === undefined ? "convention" : "code",
      portAt: bound ? [bound.at] : at,
      bind: bound?.bind ?? EVERYWHERE,
    };
  };
  const unicorn = UNICORN.find((path) => project.file(path) !== undefined);
  const puma = needs("puma") && boundIn(project, PUMA);
  if (puma || (needs("puma") && project.file(PUMA) !== undefined)) {
    const command = `bundle exec puma -C ${PUMA}`;
    const found = serving(command, "puma", puma, fallback);
    return framework.id === "rails" ? { ...found, otherwise: railsServer(project, found.port) } : found;
  }
  if (needs("unicorn") && (unicorn !== undefined || !needs("puma"))) {
    const bound = unicorn === undefined ? undefined : boundIn(project, unicorn);
    const config = unicorn === undefined ? "" : ` -c ${unicorn}`;
    const port = bound?.port ?? (framework.id === "rails" ? fallback : 8080);
    return serving(
      `bundle exec unicorn${config}${bound?.port === undefined ? ` -p \${PORT:-${port}}` : ""}`,
      "unicorn",
      bound,
      port,
    );
  }
  if (framework.id === "rails") return undefined;
  if (needs("puma")) return serving(`bundle exec puma -p \${PORT:-${fallback}}`, "puma", undefined, fallback);
  if (needs("falcon"))
    return serving(
      `bundle exec falcon serve --bind http://${EVERYWHERE}:\${PORT:-${fallback}}`,
      "falcon",
      undefined,
      fallback,
    );
  if (needs("iodine")) return serving("bundle exec iodine -p ${PORT:-3000}", "iodine", undefined, 3000);
  if (needs("passenger")) return serving("bundle exec passenger start -p ${PORT:-3000}", "passenger", undefined, 3000);
  if (needs("thin"))
    return serving(`bundle exec thin start -a ${EVERYWHERE} -p \${PORT:-3000}`, "thin", undefined, 3000);
  view.miss("start", "no server among the gems: puma, falcon, unicorn", at);
  return undefined;
}

function ownServer(project: RubyProject, { framework, at }: FrameworkUse): Serving {
  const commands: Record<string, string> = {
    rails: railsServer(project, framework.port),
    hanami: `bundle exec hanami server --host ${EVERYWHERE} --port \${PORT:-${framework.port}}`,
  };
  const own = project.gemfile === undefined ? undefined : commands[framework.id];
  const port = own === undefined ? RACK_PORT : framework.port;
  const rackup = `${project.gemfile === undefined ? "" : "bundle exec "}rackup --host ${EVERYWHERE} --port \${PORT:-${port}}`;
  return { command: own ?? rackup, confidence: 0.7, at, port, portSource: "convention", portAt: at, bind: EVERYWHERE };
}

function railsServer(project: RubyProject, port: number): string {
  const program = project.file("bin/rails") === undefined ? "bundle exec rails" : "bin/rails";
  return `${program} server -b ${EVERYWHERE} -p \${PORT:-${port}}`;
}

/** A file that is the program itself: `require "sinatra"`, or a class that is told to `run!`. */
function sinatraScript(project: RubyProject, use: FrameworkUse, at: Evidence[]): Serving | undefined {
  const { view } = project;
  const file = entryOf(project, use);
  if (use.framework.id !== "sinatra" || file === undefined) return undefined;
  const inside = view.unit.path === "." ? file : file.slice(view.unit.path.length + 1);
  const code = view.snapshot.code(file, "ruby")?.code ?? "";
  const [set] = hitsIn(code, /\bset\s*\(?\s*(?::port\s*,|port:)\s*([^\n]+)/g, file);
  const [bound] = hitsIn(code, /\bset\s*\(?\s*(?::bind\s*,|bind:)\s*["']([\w.:]+)["']/g, file);
  const port = set && portIn((set.match[1] as string).replace(/,\s*:?\w+(?::|\s*=>).*$/, ""));
  const isClassic = /^[^\S\n]*require\s*\(?\s*["']sinatra["']/m.test(code);
  const flags = !set && isClassic ? ` -o ${EVERYWHERE} -p \${PORT:-${use.framework.port}}` : "";
  return {
    command: `${project.gemfile === undefined ? "" : "bundle exec "}ruby ${inside}${flags}`,
    confidence: 0.7,
    at,
    port: port ?? use.framework.port,
    portSource: port === undefined ? "convention" : "code",
    portAt: set ? [view.seen(file, set.place, "port")] : at,
    bind: bound ? (bound.match[1] as string) : flags === "" ? undefined : EVERYWHERE,
  };
}

/** Among several files that use the framework, the one that is called as a program is. */
function entryOf({ view }: RubyProject, use: FrameworkUse): string | undefined {
  const names = ["app.rb", "main.rb", "server.rb", "application.rb", "web.rb", "index.rb", "api.rb"];
  const beside = names
    .map((name) => view.path(name) as string)
    .find(
      (path) =>
        view.snapshot.has(path) &&
        new RegExp(use.framework.use.source).test(view.snapshot.code(path, "ruby")?.code ?? ""),
    );
  return beside ?? use.file;
}

/** What the settings of puma or unicorn say of port and address. */
function boundIn(project: RubyProject, relative: string): Bound | undefined {
  const { view } = project;
  const lines = hitsOf(project, relative, /^[ \t]*(?:port|bind|listen)\b\s*\(?\s*([^\n]+)/gm);
  const found = lines.flatMap(({ match, place, file }): Bound[] => {
    const text = (match[1] as string)
      .replace(/,\s*(?:tcp_nopush|backlog|host)\b.*$/, "")
      .replace(/\s+(?:if|unless)\b.*$/, "");
    const host =
      /["'](?:tcp:\/\/)?([\d.]+|\[::\]|localhost):/.exec(text)?.[1] ?? /,\s*["']([\d.:]+)["']/.exec(text)?.[1];
    const expression = text.replace(/,\s*["'][\d.:]+["'].*$/, "").replace(/#\{([^}]*)\}/, "$1");
    const number = portIn(expression.replace(/["')\s]+$/, "").replace(/["']$/, ""));
    const named = /^(\w+)\)?$/.exec(expression)?.[1];
    const port = number ?? (named === undefined ? undefined : constantIn(project, relative, named));
    return port === undefined && host === undefined
      ? []
      : [
          {
            port,
            bind: host,
            at: view.seen(file, place, baseOf(folderOf(file)) === "config" ? "server-config" : "server"),
          },
        ];
  });
  return found.find(({ port }) => port !== undefined) ?? found[0];
}

function constantIn(project: RubyProject, relative: string, name: string): number | undefined {
  const [hit] = hitsOf(project, relative, new RegExp(`^[ \\t]*${name}[ \\t]*=\\s*([^\\n]+)`, "gm"));
  return hit && portIn(hit.match[1] as string);
}
