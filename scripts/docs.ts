// `npm run docs` writes docs/reference/ from the sources; with --check it only says whether that would change anything.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildProgram } from "../src/cli/program.ts";
import { manifestJsonSchema } from "../src/config/keys.ts";
import { RULES } from "../src/lint/registry.ts";
import { apiPage } from "./docs/api.ts";
import { cliPage } from "./docs/cli.ts";
import { errorUses } from "./docs/error-codes.ts";
import { errorsPage } from "./docs/errors.ts";
import { manifestPage } from "./docs/manifest.ts";
import { rulesPage } from "./docs/rules.ts";

const ROOT = join(import.meta.dirname, "..");
const FOLDER = "docs/reference";

const pages = referencePages();
const stale = [...Object.keys(pages), ...present()].filter((name) => current(name) !== pages[name]);
if (process.argv.includes("--check")) check([...new Set(stale)]);
else write([...new Set(stale)]);

function referencePages(): Record<string, string> {
  const schema = manifestJsonSchema();
  const uses = sources("src").flatMap((file) => errorUses(file, readFileSync(join(ROOT, file), "utf8")));
  return {
    "api.md": apiPage(),
    "cli.md": cliPage(buildProgram()),
    "errors.md": errorsPage(uses),
    "manifest.md": manifestPage(schema),
    "rules.md": rulesPage(RULES),
    "stationmaster.schema.json": `${JSON.stringify(schema, null, 2)}\n`,
  };
}

/** The source files below a folder, in a stable order, without tests. */
function sources(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts") && !/(\.test|\/testing)\.ts$/.test(file))
    .map((file) => `${folder}/${file}`)
    .sort();
}

function present(): string[] {
  mkdirSync(join(ROOT, FOLDER), { recursive: true });
  return readdirSync(join(ROOT, FOLDER));
}

function current(name: string): string | undefined {
  return present().includes(name) ? readFileSync(join(ROOT, FOLDER, name), "utf8") : undefined;
}

function write(names: string[]): void {
  for (const name of names) {
    const text = pages[name];
    if (text === undefined) rmSync(join(ROOT, FOLDER, name));
    else writeFileSync(join(ROOT, FOLDER, name), text);
    console.log(`${text === undefined ? "removed" : "wrote"} ${FOLDER}/${name}`);
  }
}

function check(names: string[]): void {
  for (const name of names) console.error(`${FOLDER}/${name} is out of date; run \`npm run docs\``);
  process.exitCode = names.length > 0 ? 1 : 0;
}
