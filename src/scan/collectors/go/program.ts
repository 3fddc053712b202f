import type { View } from "../../collector.ts";
import type { Evidence, Kind } from "../../fact.ts";
import { searchCode } from "../../search.ts";
import { claimConfigPort } from "../compiled/config-port.ts";
import { claimListening } from "../compiled/listening.ts";
import { isTool, isWorker } from "../compiled/program-names.ts";
import { closureOf, type GoImport, moduleAt } from "./code.ts";
import { claimFrameworkPort } from "./framework-port.ts";
import { frameworkOf } from "./frameworks.ts";
import { GO_LISTENING } from "./listening.ts";
import type { GoProgram } from "./programs.ts";

/** What people run by hand: on a terminal, or in a window. */
const COMMANDS =
  /^(?:github\.com\/(?:spf13\/cobra|urfave\/cli|alecthomas\/kong|alecthomas\/kingpin|jessevdk\/go-flags|charmbracelet\/|hashicorp\/terraform-plugin-(?:sdk|framework)|wailsapp\/wails|hajimehoshi\/ebiten)|fyne\.io\/fyne|gopkg\.in\/alecthomas\/kingpin)/;
const PAGES =
  /^(?:html\/template|github\.com\/a-h\/templ|github\.com\/gofiber\/template|maragu\.dev\/gomponents|github\.com\/maragudk\/gomponents)(?:\/|$)/;
/** Templates that Gin loads without their package. */
const LOADS_PAGES = /\.(?:LoadHTML(?:Glob|Files|FS)|SetHTMLTemplate)\(/g;
/** Clients that wait for messages, and clocks. */
const WAITS =
  /^(?:github\.com\/(?:bwmarrin\/discordgo|disgoorg\/disgo|slack-go\/slack|hibiken\/asynq|robfig\/cron|go-co-op\/gocron|segmentio\/kafka-go|IBM\/sarama|Shopify\/sarama|confluentinc\/confluent-kafka-go|rabbitmq\/amqp091-go|streadway\/amqp|nats-io\/nats\.go|riverqueue\/river|gocraft\/work|RichardKnop\/machinery|go-telegram-bot-api\/|go-telegram\/bot|mymmrac\/telego)|sigs\.k8s\.io\/controller-runtime(?:$|\/pkg\/manager)|go\.temporal\.io\/sdk\/worker|gopkg\.in\/(?:telebot|tucnak\/telebot))/;
/** Subcommands that start the server, the usual one first. */
const SERVE = ["serve", "server", "start", "web", "api", "http", "run", "daemon"];

/** What one program of a module is and how it is built and started. */
export function claimProgram(view: View, program: GoProgram): void {
  const packages = closureOf(view.snapshot, program.package.folder);
  const files = packages.flatMap((found) => found.files);
  const imports = packages.flatMap((found) => found.imports);
  const main = program.package.main;
  const at = view.seen(main?.file ?? files[0] ?? "", main?.line, "main");
  const kind = claimKind(view, program, imports, at);
  const framework = frameworkOf(imports);
  if (framework) claimFramework(view, framework);
  else if (program.serves) claimStandard(view, imports);
  if (kind !== "cli") claimCommands(view, program, { files, imports, at });
  if (!program.serves) return;
  if (claimListening(view, files, GO_LISTENING) || claimConfigPort(view)) return;
  if (claimFrameworkPort(view, framework?.id, { files, main: at })) return;
  view.claim("port", 8080, { source: "default", at });
}

function claimKind(
  view: View,
  { name, serves, package: found }: GoProgram,
  imports: readonly GoImport[],
  main: Evidence,
): Kind | undefined {
  const seen = (hit: GoImport, rule: string) => view.seen(hit.file, hit.line, rule);
  const say = (kind: Kind, at: Evidence, confidence = 0.8): Kind => {
    view.claim("kind", kind, { source: "code", confidence, at });
    return kind;
  };
  const pages = imports.find(({ path }) => PAGES.test(path));
  if (serves && pages) return say("web", seen(pages, "pages"));
  if (serves) {
    const loads = searchCode(view, LOADS_PAGES, { files: found.files, of: "bare" })[0];
    return loads ? say("web", view.seen(loads.file, loads.place, "pages")) : say("api", main, 0.7);
  }
  const waits = imports.find(({ path }) => WAITS.test(path));
  if (waits) return say("worker", seen(waits, "waits"));
  if (isWorker(name)) return say("worker", main, 0.7);
  const loops = searchCode(view, /\bselect\s*\{\s*\}|\bsignal\.Notify(?:Context)?\(|\btime\.(?:NewTicker|Tick)\(/g, {
    files: found.files,
    of: "bare",
  })[0];
  if (loops) return say("worker", view.seen(loops.file, loops.place, "loop"), 0.6);
  const command = imports.find(({ path }) => COMMANDS.test(path));
  if (command) return say("cli", seen(command, "command-line"));
  return view.unit.path !== "." && isTool(name) ? say("cli", main, 0.6) : undefined;
}

function claimFramework(view: View, { id, import: found }: { id: string; import: GoImport }): void {
  view.claim("framework", id, { source: "code", at: view.seen(found.file, found.line, "import") });
  const module = moduleAt(view.snapshot, view.unit.path);
  if (!module) return;
  const [path = ""] = found.path.split(/\/v\d+(?:\/|$)/);
  const lines = (view.snapshot.text(module.file) ?? "").split("\n");
  const line = lines.findIndex(
    (text) =>
      text
        .replace(/^\s*require\s+/, "")
        .trim()
        .startsWith(path) && !/\/\/\s*indirect/.test(text),
  );
  if (line !== -1) view.claim("framework", id, { source: "project", at: view.seen(module.file, line + 1, "require") });
}

function claimStandard(view: View, imports: readonly GoImport[]): void {
  const http = imports.find(({ path }) => path === "net/http");
  if (http) view.claim("framework", "net-http", { source: "code", at: view.seen(http.file, http.line, "import") });
}

interface Code {
  files: readonly string[];
  imports: readonly GoImport[];
  at: Evidence;
}

function claimCommands(view: View, { name, package: found, serves }: GoProgram, { files, imports, at }: Code): void {
  const { unit, snapshot } = view;
  const inside = unit.path === "." ? found.folder : found.folder.slice(unit.path.length + 1);
  const isRoot = found.folder === unit.path;
  // A folder of the program's name would take the binary into itself.
  const taken = snapshot.folders.includes(unit.path === "." ? name : `${unit.path}/${name}`);
  const binary = taken ? `bin/${name}` : name;
  const confidence = serves ? 0.8 : 0.65;
  const module = moduleAt(snapshot, unit.path);
  const what = isRoot ? (module ? "." : loose(found.files)) : `./${inside}`;
  view.claim("build", `go build -o ${binary} ${what}`, { source: "convention", confidence, at });
  const command =
    serves && imports.some(({ path }) => /\/(?:cobra|cli)(?:\/v\d+)?$/.test(path))
      ? serveCommand(view, files)
      : undefined;
  const arguments_ = imports.some(({ path }) => path === "github.com/pocketbase/pocketbase")
    ? " serve --http=0.0.0.0:${PORT:-8090}"
    : command
      ? ` ${command}`
      : "";
  view.claim("start", `./${binary}${arguments_}`, { source: "convention", confidence, at });
}

/** Without a module the files are named, as `go build` then asks. */
function loose(files: readonly string[]): string {
  return files.map((file) => file.slice(file.lastIndexOf("/") + 1)).join(" ");
}

function serveCommand(view: View, files: readonly string[]): string | undefined {
  const named = searchCode(view, /\b(?:Use|(?<!Flag\s*\{\s*)Name):\s*"([a-z]+)["\s]/g, { files }).map(
    ({ match }) => match[1],
  );
  return SERVE.find((name) => named.includes(name));
}
