import { recordAt, stringAt } from "../../../formats/document.ts";
import type { View } from "../../collector.ts";
import { portOf } from "../../command-line.ts";
import { dependenciesOf } from "../../dependencies.ts";
import type { Kind } from "../../fact.ts";
import { claimConfigPort } from "../compiled/config-port.ts";
import { addressOf, claimListening } from "../compiled/listening.ts";
import { isTool, isWorker } from "../compiled/program-names.ts";
import { binariesOf, crateName, manifest, manifestFile, workspaceOf } from "./crates.ts";
import { rustFramework, usedCrate } from "./frameworks.ts";
import { RUST_LISTENING } from "./listening.ts";
import type { RustProgram } from "./programs.ts";

const PAGES =
  "leptos dioxus askama askama_axum rinja tera maud minijinja handlebars rocket_dyn_templates hypertext".split(" ");
const WAITS = "serenity poise twilight-gateway teloxide lapin rdkafka apalis tokio-cron-scheduler async-nats".split(
  " ",
);
/** What people run by hand: on a terminal, or in a window. */
const COMMANDS =
  "clap structopt argh pico-args bpaf gumdrop ratatui tauri bevy eframe egui iced slint gtk4 winit ggez macroquad".split(
    " ",
  );

/** Beside the crate of a Tauri application, which often only calls its own library. */
const DESKTOP = ["tauri.conf.json", "tauri.conf.json5", "Tauri.toml"];

const LEPTOS = ["package", "metadata", "leptos"];

/** What one program of a crate is and how it is built and started. */
export function claimProgram(view: View, program: RustProgram): void {
  const { snapshot, unit } = view;
  const main = view.seen(program.file, lineOfMain(snapshot.code(program.file)?.code ?? ""), "main");
  const leptos = recordAt(manifest(snapshot, unit.path).value, LEPTOS);
  const isLeptos = program.serves && Object.keys(leptos).length > 0;
  const kind = claimKind(view, program, isLeptos);
  if (kind === "cli" && program.serves) return;
  const found = rustFramework(snapshot, program.code);
  if (isLeptos) {
    const at = view.seenAt(manifestFile(unit.path), manifest(snapshot, unit.path), LEPTOS, "leptos");
    view.claim("framework", "leptos", { source: "project", at });
  } else if (found) {
    const { dependency, file, line } = found.use;
    view.claim("framework", found.id, { source: "code", at: view.seen(file, line, "use") });
    view.claim("framework", found.id, {
      source: "project",
      at: view.seen(dependency.file, dependency.place(), "dependency"),
    });
  }
  if (kind !== "cli") {
    const worth = { source: "convention", confidence: program.serves ? 0.8 : 0.65, at: main } as const;
    view.claim("build", isLeptos ? "cargo leptos build --release" : buildCommand(view, program), worth);
    view.claim("start", `./target/release/${program.name}${found?.id === "loco" ? " start" : ""}`, worth);
  }
  if (!program.serves) return;
  const address = isLeptos ? /^(.*):(\d+)$/.exec(stringAt(leptos, ["site-addr"]) ?? "") : null;
  if (address) {
    const document = manifest(snapshot, unit.path);
    const at = view.seenAt(manifestFile(unit.path), document, [...LEPTOS, "site-addr"], "site-addr");
    view.claim("port", Number(address[2]), { source: "project", at });
    view.claim("bind", addressOf(address[1] ?? ""), { source: "project", at });
  } else if (found?.id === "rocket") claimRocket(view, program);
  else if (!claimListening(view, program.code.files, RUST_LISTENING) && !claimConfigPort(view))
    view.claim("port", found?.id === "loco" ? 5150 : 8080, {
      source: found?.id === "loco" ? "convention" : "default",
      at: main,
    });
}

function claimKind(view: View, { serves, name, file, code }: RustProgram, isLeptos: boolean): Kind | undefined {
  const { snapshot } = view;
  const use = (names: readonly string[]) => usedCrate(snapshot, code, names);
  const pages = use(PAGES);
  const waits = use(WAITS);
  const commands = use(COMMANDS);
  const hit = serves ? pages : (waits ?? commands);
  const served = isLeptos ? "ssr" : pages || hasTemplates(view, code) ? "web" : "api";
  const desktop = DESKTOP.map((base) => view.path(base)).find((path) => path !== undefined && snapshot.has(path));
  // It may open a socket for its own window; another program of the crate may still be a server.
  if (desktop !== undefined && (!serves || use(["tauri"]))) {
    view.claim("kind", "cli", { source: "project", confidence: 0.9, at: view.seen(desktop, 1, "desktop") });
    return "cli";
  }
  const kind = serves
    ? served
    : waits || isWorker(name)
      ? "worker"
      : commands || isByHand(view, name)
        ? "cli"
        : undefined;
  const at = hit ? view.seen(hit.file, hit.line, "use") : view.seen(file, 1, "program");
  if (kind) view.claim("kind", kind, { source: "code", confidence: 0.75, at });
  return kind;
}

/** A crate of a workspace that is called after a task of developers. */
function isByHand({ unit }: View, name: string): boolean {
  return unit.path !== "." && isTool(name);
}

/** Rocket asks for its templates as an attachment, and names their package nowhere else. */
function hasTemplates({ snapshot }: View, { crates }: RustProgram["code"]): boolean {
  return crates.some((folder) =>
    dependenciesOf(snapshot, folder).some(({ name, group }) => group !== "dev" && /^rocket_dyn_templates$/.test(name)),
  );
}

/** In a member of a workspace the folder of the build is named: by default it is that of the whole workspace. */
function buildCommand({ snapshot, unit }: View, { name }: RustProgram): string {
  const workspace = workspaceOf(snapshot, unit.path);
  const bin = binariesOf(snapshot, unit.path).length > 1 ? ` --bin ${name}` : "";
  if (workspace === undefined || workspace === unit.path) return `cargo build --release${bin}`;
  return `cargo build --release -p ${crateName(snapshot, unit.path)}${bin} --target-dir target`;
}

/** Rocket listens on 127.0.0.1:8000 unless its file, its variables or the code say otherwise. */
function claimRocket(view: View, { file, code }: RustProgram): void {
  const { snapshot } = view;
  const config = view.path("Rocket.toml") ?? "Rocket.toml";
  const document = snapshot.toml(config);
  const value = (key: string) =>
    ["release", "global", "production", "default"]
      .map((profile) => [profile, key])
      .find((path) => stringAt(document.value, path) !== undefined);
  const port = value("port");
  const number = port && portOf(stringAt(document.value, port) ?? "");
  const host = value("address");
  const convention = { source: "convention", confidence: 0.8, at: view.seen(file, 1, "rocket") } as const;
  if (port && number !== undefined)
    view.claim("port", number, { source: "project", at: view.seenAt(config, document, port, "rocket-port") });
  else if (!claimListening(view, code.files, RUST_LISTENING)) view.claim("port", 8000, convention);
  if (host)
    view.claim("bind", addressOf(stringAt(document.value, host) ?? ""), {
      source: "project",
      at: view.seenAt(config, document, host, "rocket-address"),
    });
  else view.claim("bind", "127.0.0.1", convention);
}

function lineOfMain(code: string): number {
  const at = code.search(/\bfn\s+main\s*\(|#\[launch\]/);
  return at === -1 ? 1 : code.slice(0, at).split("\n").length;
}
