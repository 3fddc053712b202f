import { joinPath } from "../../../formats/tree.ts";
import { type ShellCommand, shellCommands } from "../../command-line.ts";
import { purposeOf } from "./commands/tables.ts";
import { lineOf, textOf, type Written } from "./commands/words.ts";
import type { About, Seen, Site } from "./platform.ts";
import { type Told, tellRelease } from "./tell.ts";

const INSTALL =
  /^(?:npm (?:ci|i|install|clean-install)|pnpm (?:i|install)|yarn install|yarn|bun (?:i|install)|(?:pip\S*|python\S* -m pip|uv pip) install|(?:poetry|pipenv|pdm|bundle|composer|uv) (?:install|sync)|uv sync|go mod download|mix deps\.get|dotnet restore|corepack enable)(?: |$)/;
/** An install of another folder, or of a tool. */
const ELSEWHERE = / (?:--prefix|--cwd|-C|--dir|-g|--global|--upgrade pip|-U pip)(?: |=|$)/;
/** What an install alone is worth here: lockfiles know better. */
const INSTALL_WORTH = { source: "convention", confidence: 0.6 } as const;

/** States how a unit is built; an install in front and steps of a release are set apart. Returns whom it was about. */
export function tellBuild(site: Site, { file, folder, names }: Told, written: Written | undefined, seen: Seen): About {
  const line = written === undefined || written.length === 0 ? "" : lineOf(written);
  const commands = shellCommands(line);
  const moves = commands.filter(({ argv }) => argv[0] === "cd");
  const target = folder === undefined ? undefined : movedTo(commands[0], folder);
  const given = site.about(file, folder, names);
  if (line === "" || folder === undefined) return given;
  const moved = target === undefined || moves.length > 1 ? undefined : site.about(file, target, names);
  if (moved && moved.units.length > 0) {
    tellParts(moved, commands.slice(1), seen);
    return moved;
  }
  if (
    moves.length > 0 ||
    commands.some(({ separator }) => separator === "|" || separator === "&" || separator === "||")
  )
    given.claim("build", line, { rule: "build", ...seen });
  else tellParts(given, commands, seen);
  return given;
}

function tellParts(about: About, commands: readonly ShellCommand[], seen: Seen): void {
  const said = commands.map(({ env, argv }) => ({
    text: textOf({ env: Object.entries(env), argv }),
    bare: argv.join(" "),
  }));
  const first = said.findIndex(({ bare }) => !INSTALL.test(bare) || ELSEWHERE.test(bare));
  const head = said.slice(0, first === -1 ? said.length : first).filter(({ bare }) => bare !== "corepack enable");
  const rest = first === -1 ? [] : said.slice(first);
  const releases = rest.filter(({ bare }) => purposeOf(bare.split(" ")) === "release");
  const build = rest.filter((step) => !releases.includes(step) && !/^(?:echo|true|set|exit|:)(?: |$)/.test(step.bare));
  const join = (steps: readonly { text: string }[]) => steps.map(({ text }) => text).join(" && ");
  if (head.length > 0) about.claim("install", join(head), { ...seen, ...INSTALL_WORTH, rule: "install" });
  if (releases.length > 0) tellRelease(about, join(releases), seen);
  if (build.length > 0) about.claim("build", join(build), { rule: "build", ...seen });
}

function movedTo(first: ShellCommand | undefined, folder: string): string | undefined {
  const [program, target] = first?.argv ?? [];
  return program === "cd" && target !== undefined && !target.startsWith("/") ? joinPath(folder, target) : undefined;
}
