import { interpolate, secretMissing, secretNames } from "../config/secrets.ts";
import { UserError } from "../core/errors.ts";
import { namedCheck } from "../watch/named.ts";
import type { Project } from "./project.ts";
import { strings } from "./watching.ts";

/** What services are deployed with, and what the night shift needs apart from that. */
export const DEPLOYED = ["services", "stores"] as const;
export const NIGHT_SHIFT = ["checks", "notify", "remedies", "devops", "alertmanager", "watch", "github"] as const;

type Part = (typeof DEPLOYED | typeof NIGHT_SHIFT)[number];

/** Secrets that these parts of the manifest name, with the places that do, such as `notify.page`. */
export function neededSecrets({ manifest }: Pick<Project, "manifest">, parts: readonly Part[]): Map<string, string[]> {
  const needed = new Map<string, string[]>();
  for (const part of parts)
    for (const [key, value] of Object.entries(manifest[part] ?? {}))
      for (const name of new Set(strings(value).flatMap(secretNames)))
        needed.set(name, [...(needed.get(name) ?? []), `${part}.${key}`]);
  return needed;
}

/** Those of them that nobody has set, as `NAME (notify.page, checks.api)`. Throws what the source refuses. */
export function missingSecrets(project: Pick<Project, "manifest" | "secrets">, parts: readonly Part[]): string[] {
  return unset(project, parts).map(([name, places]) => `${name} (${places.join(", ")})`);
}

function unset(project: Pick<Project, "manifest" | "secrets">, parts: readonly Part[]): [string, string[]][] {
  return [...neededSecrets(project, parts)].filter(([name]) => project.secrets.find(name) === undefined);
}

/** Missing secrets stop the start or the deployment, not the night shift; all of them are told at once. Throws UserError `SM-SECRET-MISSING`. */
export function requireSecrets(
  project: Pick<Project, "manifest" | "secrets">,
  parts: readonly Part[] = [...DEPLOYED, ...NIGHT_SHIFT],
): void {
  const [first, ...more] = unset(project, parts);
  if (!first) return;
  const [name, places] = first;
  if (more.length === 0) throw secretMissing(name, places.join(", "));
  throw new UserError({
    code: "SM-SECRET-MISSING",
    message: `${more.length + 1} secrets are not set: ${missingSecrets(project, parts).join(", ")}`,
    next: "set the environment variables, or add them to .env",
  });
}

/** Every check of the manifest can be made once its services have addresses. Throws UserError `SM-SECRET-MISSING`, `SM-CHECK-URL`. */
export function requireChecks({ manifest, secrets }: Project): void {
  const store = () => "postgres://127.0.0.1/store";
  const service = () => "http://127.0.0.1";
  const resolve = (text: string, where: string) => interpolate(text, { secret: secrets.find, store, service }, where);
  for (const [name, check] of Object.entries(manifest.checks))
    namedCheck(name, check, { environment: "", routes: {}, resolve });
}
