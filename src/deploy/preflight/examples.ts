import { readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { parseEnv } from "node:util";

const NAME = ".env.example";
/** What every process gets from us. */
const GIVEN = ["PORT", "RELEASE", "SERVICE", "ENVIRONMENT"];

/** A service as far as its variables go. */
interface Configured {
  path: string;
  env: Record<string, string>;
}

/**
 * The example files beside the manifest (for all services) and in the folders of services, with the names in them that neither
 * a service it speaks for nor a secret has. Values are not looked at.
 */
export function readExamples(
  root: string,
  services: Record<string, Configured>,
  hasSecret: (name: string) => boolean,
): { file: string; missing: string[] }[] {
  const all = Object.values(services);
  const folders = new Set([".", ...all.map(({ path }) => normalize(path))]);
  return [...folders].flatMap((folder) => {
    const file = join(folder, NAME);
    const names = namesIn(join(root, file));
    if (!names) return [];
    const spokenFor = folder === "." ? all : all.filter(({ path }) => normalize(path) === folder);
    const isSet = (name: string) =>
      GIVEN.includes(name) || hasSecret(name) || spokenFor.some(({ env }) => Object.hasOwn(env, name));
    return [{ file, missing: names.filter((name) => !isSet(name)) }];
  });
}

function namesIn(path: string): string[] | undefined {
  try {
    // The parser keeps the `export` of a line without a value as part of its name.
    return Object.keys(parseEnv(readFileSync(path, "utf8"))).map((name) => name.replace(/^export\s+/, ""));
  } catch {
    return undefined;
  }
}
