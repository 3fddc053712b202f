import type { Mistake } from "../../../config/problem.ts";
import type { Tree } from "./tree.ts";

/** What tells a secret from any other variable. */
export interface Secrets {
  variable(name: string): string | undefined;
  /** Whether the manifest takes it as `${secret:NAME}`. */
  secret?(name: string): boolean;
}

const TELLING =
  /passw|passphrase|secret|credential|token(?:s?)(?:_|\d|$)|apikey|(?:^|_)(?:pass|pw|creds?|keys?|dsn|auth)(?:_|\d|$)|_pwd(?:_|$)/i;
/** Where it is, or what everybody may know of it. */
const HARMLESS = /(?:^|_)(?:public|publishable)(?:_|$)|_(?:file|path|dir)$/i;
/** An address with a password in it. */
const WITH_PASSWORD = /^[a-z][\w+.-]*:\/\/[^\s/@]*:[^\s/@]+@/i;

const NEXT: Record<string, string> = {
  build: "leave it out of the image: pass it in `environment` and let the program read it from there",
  volumes: "make the volume on the hosts and write `external: true`",
};

/** Whether the variable's name, its value or the manifest says that it is a secret. Of others nobody can tell. */
export function isSecret(name: string, { variable, secret }: Secrets): boolean {
  if (secret?.(name) || WITH_PASSWORD.test(variable(name) ?? "")) return true;
  return TELLING.test(name) && !HARMLESS.test(name);
}

/**
 * A mistake for every text below `at` into which a secret's value was filled: it would end up in arguments of docker, which every
 * account of the host can read, and in the record of the release. `except` are keys that keep their variables as they are written.
 */
export function exposedSecrets(tree: Tree, at: readonly string[], secrets: Secrets, except?: string): Mistake[] {
  if (tree.kind === "list")
    return tree.items.flatMap((item, index) => exposedSecrets(item, [...at, String(index)], secrets));
  if (tree.kind === "map")
    return [...tree.entries].flatMap(([key, value]) =>
      key === except ? [] : exposedSecrets(value, [...at, key], secrets),
    );
  const { raw, value } = tree;
  if (raw === undefined || typeof value !== "string") return [];
  const named = [...raw.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = ""]) => name);
  const name = named.find((item) => value.includes(secrets.variable(item) || "\0") && isSecret(item, secrets));
  if (name === undefined) return [];
  const message = `${at.join(".")}: the value of ${name} would be readable in docker's arguments and in the record of the release`;
  const next = NEXT[at[0] === "volumes" ? "volumes" : (at[2] ?? "")];
  return [
    {
      code: "SM-COMPOSE-SECRET",
      at,
      message,
      next: next ?? "pass it in `environment` and let the program read it from there",
    },
  ];
}
