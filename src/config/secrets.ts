import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { UserError } from "../core/errors.ts";
import { Secret } from "../core/redact.ts";

const MOUNT = "/run/secrets";
/** `.env`, `.env.local`, …; those with an ending of this list are there to be read by everybody. */
const DOTENV = /^\.env(?:\.(?!(?:example|sample|template)$).+)?$/;
const FROM_FILE = /^(.+)#([A-Za-z_]\w*)$/;
const REFERENCE = /\$\{(secret|store|service|env):([^}]+)\}|\$\{([A-Za-z_]\w*)\}/g;

/**
 * Finds a secret: the environment, then `.env` beside the manifest, then the file `<mount>/<NAME>`. `<file>#<NAME>` is a variable
 * of that file alone, relative to the manifest: what an `env_file` of a Compose file becomes.
 */
export interface SecretSource {
  find(name: string): Secret | undefined;
  /** Whether `find` answers rather than refuses; left out, it always does. */
  allows?(name: string): boolean;
}

/** `env` and `mount` are for tests; values are read when asked for. */
export function createSecretSource({
  root,
  env = process.env,
  mount = env.STATIONMASTER_SECRETS ?? MOUNT,
}: {
  root: string;
  env?: NodeJS.ProcessEnv;
  mount?: string;
}): SecretSource {
  const dotenv = readOptional(join(root, ".env"));
  const fromFile = dotenv === undefined ? {} : parseEnv(dotenv);
  return {
    find: (name) => {
      const [, file, key = ""] = FROM_FILE.exec(name) ?? [];
      if (file !== undefined) {
        const text = readOptional(resolve(root, file));
        const value = text === undefined ? undefined : parseEnv(text)[key];
        return value === undefined ? undefined : new Secret(name, value);
      }
      if (!/^[A-Za-z_]\w*$/.test(name)) return undefined;
      const value = env[name] ?? fromFile[name] ?? readOptional(join(mount, name))?.replace(/\r?\n$/, "");
      return value === undefined ? undefined : new Secret(name, value);
    },
  };
}

/** Where secrets of the manifest lie in files: absolute paths that belong in no copy of the project. */
export function secretFiles(root: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const dotenv = listOptional(root).filter((item) => DOTENV.test(item.name) && !item.isDirectory());
  return [...dotenv.map(({ name }) => join(root, name)), resolve(env.STATIONMASTER_SECRETS ?? MOUNT)];
}

function listOptional(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** What stands behind the references of a text. */
export interface References {
  secret(name: string): Secret | undefined;
  /** Address of a store as a client uses it. */
  store(name: string): string | undefined;
  /** Routed URL of a service. */
  service(name: string): string | undefined;
  /** Plain variables such as PORT; undefined leaves the text as it is. */
  variable?(name: string): string | undefined;
}

/** Replaces `${secret:…}`, `${store:…}`, `${service:…}` and known `${NAME}`; `where` names the place in errors. */
export function interpolate(text: string, references: References, where: string): string {
  return text.replace(REFERENCE, (whole, kind: string | undefined, name: string, plain: string | undefined) => {
    if (plain !== undefined) return references.variable?.(plain) ?? whole;
    if (kind === "secret") return require(references.secret(name)?.unwrap(), name, where);
    const value = kind === "store" ? references.store(name) : kind === "service" ? references.service(name) : undefined;
    if (value === undefined)
      throw new UserError({
        code: "SM-CONFIG-REFERENCE",
        message: `\${${kind}:${name}} in ${where} has no address yet`,
        next: "deploy what it refers to first, and list it in depends_on",
      });
    return value;
  });
}

/** The names of the secrets a text needs. */
export function secretNames(text: string): string[] {
  return [...text.matchAll(REFERENCE)].filter((match) => match[1] === "secret").map((match) => match[2] ?? "");
}

function require(value: string | undefined, name: string, where: string): string {
  if (value !== undefined) return value;
  throw secretMissing(name, where);
}

/** `SM-SECRET-MISSING`; `where` names the place or places that use it. */
export function secretMissing(name: string, where: string): UserError {
  return new UserError({
    code: "SM-SECRET-MISSING",
    message: `the secret ${name} is not set (used in ${where})`,
    next: `set the environment variable ${name}, or add it to .env`,
  });
}
