import type { Manifest } from "../config/load.ts";
import { interpolate, secretNames } from "../config/secrets.ts";
import { UserError } from "../core/errors.ts";
import { namedCheck } from "../watch/named.ts";
import type { Engine } from "./engine.ts";
import type { Project } from "./project.ts";
import { strings } from "./watching.ts";

const PARTS = [
  "services",
  "stores",
  "checks",
  "notify",
  "remedies",
  "devops",
  "alertmanager",
  "watch",
  "github",
] as const;

/** Missing secrets stop the start or the deployment, not the night shift; all of them are told at once. Throws UserError `SM-SECRET-MISSING`. */
export function requireSecrets(
  manifest: Manifest,
  secretDigest: Engine["secretDigest"],
  parts: readonly (typeof PARTS)[number][] = PARTS,
): void {
  const missing: { named: string; error: UserError }[] = [];
  for (const part of parts)
    for (const [name, value] of Object.entries(manifest[part] ?? {}))
      for (const secret of new Set(strings(value).flatMap(secretNames))) {
        const where = `${part}.${name}`;
        try {
          secretDigest([`\${secret:${secret}}`], where);
        } catch (error) {
          if (!(error instanceof UserError) || error.code !== "SM-SECRET-MISSING") throw error;
          missing.push({ named: `${secret} (${where})`, error });
        }
      }
  const [first, ...more] = missing;
  if (!first) return;
  if (more.length === 0) throw first.error;
  throw new UserError({
    code: "SM-SECRET-MISSING",
    message: `${missing.length} secrets are not set: ${missing.map(({ named }) => named).join(", ")}`,
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
