import { places } from "../../../formats/text.ts";
import { baseOf, folderOf, joinPath } from "../../../formats/tree.ts";
import { literalOf } from "../javascript/literals/config.ts";
import { type Property, propertiesIn } from "../javascript/literals/properties.ts";
import { filesNamed } from "./names.ts";
import type { Platform, Site } from "./platform.ts";
import { healthPath, tellCron, tellRelease, tellStart } from "./tell.ts";
import { tellBuild } from "./tell-build.ts";
import { unitNamed } from "./unit-at.ts";

const SERVICE = /\bservice\(\s*["'`]([\w -]+)["'`]\s*,\s*\{/g;

/** `.railway/railway.ts`: read as text, so only literals count. */
export const railwayCode: Platform = {
  id: "railway",
  reads: [".railway/railway.ts"],
  find: (snapshot) => filesNamed(snapshot, "railway.ts").filter((path) => baseOf(folderOf(path)) === ".railway"),
  read(site) {
    for (const file of site.files) readFile(site, file);
  },
};

function readFile(site: Site, file: string): void {
  const masked = site.snapshot.code(file);
  if (!masked) return;
  const root = folderOf(folderOf(file));
  const services = [...masked.code.matchAll(SERVICE)];
  const properties = services.length === 0 ? [] : propertiesIn(masked);
  const placeOf = places(masked.code);
  for (const [index, match] of services.entries()) {
    const end = services[index + 1]?.index ?? masked.code.length;
    const own = properties.filter(({ keyAt }) => keyAt > match.index && keyAt < end);
    const name = match[1] ?? "";
    const get = (...path: string[]) => {
      const property = own.find((one) => endsWith(one, path));
      const value = property && literalOf(masked, property);
      return {
        text: value === undefined ? undefined : String(value),
        seen: { file, at: property && placeOf(property.keyAt) },
      };
    };
    const rooted = get("root").text ?? get("source", "rootDirectory").text ?? get("rootDirectory").text;
    const folder = rooted === undefined ? folderFor(site, name, root, services.length) : joinPath(root, `./${rooted}`);
    const about = site.about(file, folder, [name]);
    const told = { file, folder, names: [name] };
    const start = get("start").text === undefined ? get("startCommand") : get("start");
    if (start.text !== undefined) tellStart(site, told, start.text, start.seen);
    const build = get("build", "command").text === undefined ? get("buildCommand") : get("build", "command");
    tellBuild(site, told, build.text, build.seen);
    const health = get("healthcheck");
    about.claim("health", healthPath(health.text), health.seen);
    const release = get("preDeploy");
    if (release.text !== undefined) tellRelease(about, release.text, release.seen);
    const cron = get("cronSchedule");
    tellCron(about, { name, schedule: cron.text, command: start.text }, cron.seen);
  }
}

/** A service without a folder is the one of its name, or the root where it is alone. */
function folderFor({ units }: Site, name: string, root: string, count: number): string | undefined {
  return unitNamed(units, name)?.path ?? (count === 1 ? root : undefined);
}

function endsWith({ path }: Property, wanted: readonly string[]): boolean {
  const keys = path.filter((part) => !/[=)]$/.test(part));
  return keys.slice(-wanted.length).join("\0") === wanted.join("\0");
}
