import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { parseManifest } from "../../config/load.ts";
import { UserError } from "../../core/errors.ts";
import { type Guess, guessServices } from "../../scan/guess.ts";
import { serviceName } from "../../scan/service-name.ts";
import { print, printJson } from "../output.ts";
import type { GlobalOptions } from "../session.ts";

const SCHEMA = fileURLToPath(new URL("../../../docs/reference/stationmaster.schema.json", import.meta.url));
const GUIDE = fileURLToPath(new URL("../../../docs/guide/manifest.md", import.meta.url));
const SCHEMA_COPY = ".stationmaster/stationmaster.schema.json";

export async function run(options: GlobalOptions & { yes?: boolean; force?: boolean }, folder = "."): Promise<void> {
  const root = resolve(folder);
  if (!existsSync(root))
    throw new UserError({
      code: "SM-INIT-FOLDER",
      message: `there is no folder ${root}`,
      next: "name an existing one",
    });
  const file = options.config ? resolve(options.config) : join(root, "stationmaster.yaml");
  if (existsSync(file) && !options.force)
    throw new UserError({
      code: "SM-INIT-EXISTS",
      message: `${file} exists`,
      next: "edit it, or replace it with --force",
    });
  const guesses = guessServices(root);
  const ask = !options.yes && !options.json && process.stdin.isTTY && process.stdout.isTTY;
  if (guesses.length === 0 && !ask)
    throw new UserError({
      code: "SM-INIT-NOTHING",
      message: `nothing in ${root} looks like a service (package.json, a server in JavaScript or Python, go.mod, index.html)`,
      next: `write stationmaster.yaml by hand; ${GUIDE} shows the smallest one`,
    });
  if (!options.yes && !ask)
    throw new UserError({
      code: "SM-CONFIRM",
      message: "this needs answers and there is no terminal to ask on",
      next: "add --yes to take the best guesses",
    });
  const answers = ask
    ? await (await import("../ask-services.ts")).askServices(guesses, basename(root))
    : { project: serviceName(basename(root)), services: guesses };
  const text = manifestText(answers.project, answers.services);
  parseManifest(text, relative(process.cwd(), file) || file);
  writeFileSync(file, text);
  copySchema(dirname(file));
  if (options.json) return printJson({ file, services: answers.services });
  for (const service of answers.services) for (const line of describe(service)) print(line);
  const place = file === resolve("stationmaster.yaml") ? "" : ` --config ${relative(process.cwd(), file)}`;
  print(`wrote ${file}; next: stationmaster up${place}`);
}

function describe({ name, build, start, health, readsPort, evidence }: Guess): string[] {
  const steps = [...(build ? [`${build}, then`] : []), start].join(" ");
  const notes = [
    ...(health ? [] : ["no health path found: an open port counts as healthy"]),
    ...(readsPort ? [] : ["PORT is not mentioned: a service has to listen on the port that this variable names"]),
  ];
  return [
    `${name}: ${steps}${health ? `, health ${health}` : ""} (${evidence})`,
    ...notes.map((text) => `  note: ${text}`),
  ];
}

/** For editors: the schema of this version, beside the manifest. */
function copySchema(root: string): void {
  mkdirSync(join(root, ".stationmaster"), { recursive: true });
  // What a run leaves here is no part of anybody's repository.
  writeFileSync(join(root, ".stationmaster/.gitignore"), "*\n");
  copyFileSync(SCHEMA, join(root, SCHEMA_COPY));
}

function manifestText(project: string, services: readonly Guess[]): string {
  const entries = services.map(({ name, path, build, start, health }) => [
    name,
    { path, ...(build ? { build } : {}), start, ...(health ? { health } : {}) },
  ]);
  const data = { project, services: Object.fromEntries(entries), environments: { local: { platform: "local" } } };
  return `# yaml-language-server: $schema=${SCHEMA_COPY}\n${stringify(data)}`;
}
