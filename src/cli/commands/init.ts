import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseManifest } from "../../config/load.ts";
import { createSecretSource } from "../../config/secrets.ts";
import { UserError } from "../../core/errors.ts";
import { type Answers, manifestText } from "../../generate/init/manifest.ts";
import { offersOf } from "../../generate/init/offers.ts";
import { loadPrices } from "../../generate/recommend/prices.ts";
import { reasonOf, recommend } from "../../generate/recommend/recommend.ts";
import { scanFolder } from "../../generate/repository.ts";
import { unmetRequirements } from "../../generate/unmet-requirements.ts";
import { ignoreState } from "../../generate/write.ts";
import { serviceName } from "../../scan/service-name.ts";
import { comparisonLines } from "../comparison-lines.ts";
import { initLines, leftOut } from "../init-lines.ts";
import { notInstalled } from "../not-installed.ts";
import { print, printJson } from "../output.ts";
import { safeText } from "../scan-values.ts";
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
  const { report, snapshot } = scanFolder(root);
  const offer = offersOf(report, snapshot, (path) => existsSync(join(root, path)));
  const ask = !options.yes && !options.json && process.stdin.isTTY && process.stdout.isTTY;
  const started = offer.services.filter(({ start }) => start !== "");
  if (started.length === 0 && !ask)
    throw new UserError({
      code: "SM-INIT-NOTHING",
      message: `nothing in ${root} looks like a service that can be started`,
      next: `see what was found with stationmaster scan; or write stationmaster.yaml by hand: ${GUIDE} shows the smallest one`,
    });
  if (!options.yes && !ask)
    throw new UserError({
      code: "SM-CONFIRM",
      message: "this needs answers and there is no terminal to ask on",
      next: "add --yes to take the best guesses",
    });
  const comparison = recommend(report, loadPrices(), new Date().toISOString().slice(0, 10));
  const answers: Answers = ask
    ? await (await import("../ask-services.ts")).askServices(offer, basename(root), comparison)
    : {
        project: serviceName(basename(root)),
        services: started,
        stores: offer.stores,
        platform: comparison.best,
        because: reasonOf(comparison),
      };
  const text = manifestText(answers, SCHEMA_COPY);
  parseManifest(text, relative(process.cwd(), file) || file);
  writeFileSync(file, text);
  copySchema(dirname(file));
  const left = leftOut(offer, answers);
  const needed = missingSecrets(text, dirname(file));
  if (options.json)
    return printJson({ file, services: answers.services, stores: answers.stores, left, needed, comparison });
  for (const line of initLines(answers, left)) print(line);
  for (const { file: at, line, message } of unmetRequirements(report))
    print(safeText(`warning: ${at}:${line}: ${message}`));
  for (const line of comparisonLines(comparison)) print(line);
  const place = file === resolve("stationmaster.yaml") ? "" : ` --config ${relative(process.cwd(), file)}`;
  if (needed.length > 0)
    print(`first put ${needed.join(", ")} into ${relative(process.cwd(), join(dirname(file), ".env"))}`);
  const paths = new Set(answers.services.map(({ path }) => path));
  const install = notInstalled(
    report.services.filter(({ path }) => paths.has(path)),
    snapshot,
    (path) => existsSync(join(root, path)),
  );
  for (const line of install) print(safeText(`first install the packages: ${line}`));
  print(`wrote ${file}; next: stationmaster up${place}`);
}

/** Secrets that the manifest names and nothing gives: without them nothing starts. */
function missingSecrets(text: string, folder: string): string[] {
  const secrets = createSecretSource({ root: folder });
  const named = new Set([...text.matchAll(/\$\{secret:(\w+)\}/g)].map(([, name = ""]) => name));
  return [...named].filter((name) => secrets.find(name) === undefined).sort();
}

/** For editors: the schema of this version, beside the manifest. */
function copySchema(root: string): void {
  mkdirSync(join(root, ".stationmaster"), { recursive: true });
  ignoreState(root);
  copyFileSync(SCHEMA, join(root, SCHEMA_COPY));
}
