import { baseOf, extensionOf, folderOf } from "../../../formats/tree.ts";
import type { Evidence } from "../../fact.ts";
import { hitsIn } from "../../search.ts";
import { importsOf, relative } from "./imports.ts";
import type { PythonProject } from "./project.ts";

/** A file that is run as a program. */
export interface Script {
  file: string;
  /** What shows that it goes on until it is stopped; undefined where it seems to end by itself. */
  loop: Loop | undefined;
  /** Whether it is what one starts: its name says so, or no other program lies beside the manifest. */
  isEntry: boolean;
  at: Evidence;
}

interface Loop {
  at: Evidence;
  /** A client or a consumer; `while True` may also wait for words of a person. */
  isSure: boolean;
}

const NAMES = [
  "main",
  "bot",
  "app",
  "run",
  "server",
  "worker",
  "__main__",
  "start",
  "index",
  "clock",
  "scheduler",
  "consumer",
];
/** What goes on until it is stopped: clients of chats, consumers, schedulers, loops. */
const LOOPS =
  /\bwhile[ \t]+(?:True|1)\b|\.run_polling\(|\.start_polling\(|\.infinity_polling\(|\.polling\(|\.run_forever\(|\.serve_forever\(|\.start_consuming\(|\.run_until_disconnected\(|\bidle\(\)|\brun_pending\(|\bBlockingScheduler\(|\.run_webhook\(|\bSocketModeHandler\(|\.wait_for_termination\(|\brun_app\(|\bapp\.main\(\)/g;
/** A statement at the left margin that does something: a file of definitions alone is a module. */
const RUNS =
  /^(?:while|for|with|await)\b|^(?!print_|warnings\.|logging\.|load_dotenv|sys\.path|super)[A-Za-z_][\w.]*[ \t]*\(/m;
/** `run` of a client of a chat. */
const CLIENTS = [
  "discord",
  "nextcord",
  "disnake",
  "hikari",
  "interactions",
  "twitchio",
  "pyrogram",
  "telethon",
  "pyromod",
  "vkbottle",
  "aiogram",
  "telebot",
  "telegram",
  "slack_bolt",
  "nonebot",
  "botpy",
];
const CLIENT_RUN = /\b(?!asyncio|anyio|subprocess|loop|trio)\w+\.(?:run|start|run_until_disconnected)\(/g;

/** The program of a unit that no framework serves: a bot, a consumer, a script. */
export function findScript(project: PythonProject): Script | undefined {
  const { view } = project;
  const python = view.sources.filter((file) => extensionOf(file) === "py");
  const programs = python.flatMap((file) => programOf(project, file) ?? []);
  const [first] = programs.toSorted((a, b) => weight(project, a) - weight(project, b));
  const isAlone = programs.filter(({ file }) => isBeside(project, file)).length === 1;
  const best = first && { ...first, isEntry: first.isEntry || (isAlone && isBeside(project, first.file)) };
  if (!best || best.loop) return best;
  // The loop of a bot often lies in the package that its entry file calls.
  const elsewhere = python.map((file) => loopIn(project, file)).find((loop) => loop !== undefined);
  return elsewhere && isChat(project) ? { ...best, loop: elsewhere } : best;
}

function programOf(project: PythonProject, file: string): Script | undefined {
  const { view } = project;
  const masked = view.snapshot.code(file);
  if (!masked) return undefined;
  const inside = relative(file, view.unit.path);
  if (/^(?:setup|manage|conftest|noxfile|tasks|fabfile)\.py$/.test(inside) && !loopIn(project, file)) return undefined;
  const [main] = hitsIn(masked.code, /^if[ \t]+__name__[ \t]*==[ \t]*["']__main__["']/gm, file);
  const loop = loopIn(project, file);
  const isEntry = main !== undefined || baseOf(file) === "__main__.py";
  const isNamed =
    folderOf(inside) === "." &&
    (NAMES.includes(baseOf(inside).replace(/\.py$/, "")) || view.unit.markers.includes(inside));
  if (!isEntry && !(loop && folderOf(inside) === ".") && !isNamed) return undefined;
  const isModule = baseOf(file) === "__main__.py" && inside.split("/").length <= 2;
  const runs = main !== undefined || RUNS.test(masked.bare);
  return { file, loop, isEntry: (isNamed && runs) || isModule, at: view.seen(file, main?.place ?? 1, "program") };
}

function isBeside({ view }: PythonProject, file: string): boolean {
  return folderOf(file) === view.unit.path;
}

function loopIn({ view }: PythonProject, file: string): Loop | undefined {
  const bare = view.snapshot.code(file)?.bare ?? "";
  const imports = importsOf(view.snapshot, file);
  const isClient = imports.some(({ module }) => CLIENTS.includes(module.split(".")[0] ?? ""));
  const hits = [...hitsIn(bare, LOOPS, file), ...(isClient ? hitsIn(bare, CLIENT_RUN, file) : [])];
  const sure = hits.find(({ match }) => !match[0].startsWith("while"));
  const hit = sure ?? hits[0];
  return hit && { at: view.seen(file, hit.place, "loop"), isSure: sure !== undefined };
}

function isChat({ view }: PythonProject): boolean {
  return view.sources.some((file) =>
    importsOf(view.snapshot, file).some(({ module }) => CLIENTS.includes(module.split(".")[0] ?? "")),
  );
}

function weight({ view }: PythonProject, { file, loop }: Script): number {
  const inside = relative(file, view.unit.path);
  const name = NAMES.indexOf(baseOf(inside).replace(/\.py$/, ""));
  const isAside = /(?:^|\/)(?:scripts?|tools?|utils?|bin|hack|notebooks?|migrations|alembic)\//.test(inside);
  return (
    (inside.split("/").length - 1) * 6 + (name === -1 ? NAMES.length + 4 : name) - (loop ? 8 : 0) + (isAside ? 30 : 0)
  );
}
