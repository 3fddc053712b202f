import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ExternalError } from "../../core/errors.ts";
import { loadPins, PinsSchema, pinsAge } from "../../generate/pins.ts";
import { type PinChange, updatePins } from "../../generate/update-pins.ts";
import { note, print, printJson } from "../output.ts";
import type { GlobalOptions } from "../session.ts";

interface Options extends GlobalOptions {
  major?: boolean;
  diff?: boolean;
}

const FILE = ".stationmaster/pins.json";
/** Names of pins that a line shows. */
const SHOWN = 5;

/** Asks GitHub and the registries for newer releases and writes what was found beside the repository's other files. */
export async function run(options: Options, folder = "."): Promise<void> {
  const path = join(resolve(folder), FILE);
  const now = new Date();
  const own = readJson(path);
  if (own !== undefined && !PinsSchema.safeParse(own).success)
    note(`${FILE} is no table of pins: what comes with this version is looked up, and takes its place`);
  const before = loadPins(own);
  const { warning } = pinsAge(before, now);
  if (warning && !options.json) note(warning);
  const stop = new AbortController();
  const interrupt = () =>
    stop.abort(new ExternalError({ code: "SM-PINS-STOPPED", message: "stopped; nothing was written" }));
  process.once("SIGINT", interrupt);
  try {
    const { GITHUB_TOKEN: token, GITHUB_API_URL: api } = process.env;
    const { pins, changes } = await updatePins(before, {
      today: now.toISOString().slice(0, 10),
      major: options.major ?? false,
      signal: stop.signal,
      ...(token ? { token } : {}),
      ...(api ? { api } : {}),
    });
    const writes = !options.diff && (changes.some(({ after }) => after !== null) || pins.date !== before.date);
    if (writes) write(path, `${JSON.stringify(pins, null, 2)}\n`);
    if (options.json) printJson({ file: FILE, written: writes, date: pins.date, changes });
    else for (const line of lines(changes, writes)) print(line);
    if (changes.length > 0 && changes.every(({ problem }) => problem !== null)) process.exitCode = 1;
  } finally {
    process.removeListener("SIGINT", interrupt);
  }
}

function lines(changes: readonly PinChange[], written: boolean): string[] {
  const changed = changes.filter(({ after }) => after !== null);
  const failed = changes.filter(({ problem }) => problem !== null);
  return [
    ...changed.flatMap(({ name, before, after }) => [name, `- ${before}`, `+ ${after}`]),
    ...keptLines(failed),
    failed.length === changes.length && failed.length > 0
      ? "nothing could be looked up: every pin stays as it is"
      : changed.length === 0
        ? `nothing newer for ${changes.length - failed.length} of ${changes.length} pins`
        : `${changed.length} of ${changes.length} pins are newer`,
    ...(written ? [`wrote ${FILE}; run stationmaster generate to bring them into the files`] : []),
  ];
}

/** What was kept, by the reason: without a network it is the same for all. */
function keptLines(failed: readonly PinChange[]): string[] {
  return [...Map.groupBy(failed, ({ problem }) => problem)].map(([problem, those]) => {
    const names = those.slice(0, SHOWN).map(({ name }) => name);
    const more = those.length - names.length;
    return `kept ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}: ${problem}`;
  });
}

/** Undefined where there is no file, null for one that is no JSON. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    return error instanceof SyntaxError ? null : undefined;
  }
}

/** As a whole, so that a run that is cut off leaves the old table. */
function write(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (cause) {
    throw new ExternalError({
      code: "SM-PINS-WRITE",
      message: `cannot write ${path}`,
      next: "check the rights of the folder",
      cause,
    });
  }
}
