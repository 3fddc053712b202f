import type { Manifest } from "../config/load.ts";
import { interpolate, secretNames } from "../config/secrets.ts";
import { namedCheck } from "../watch/named.ts";
import type { Engine } from "./engine.ts";
import type { Project } from "./project.ts";
import { strings } from "./watching.ts";

const PARTS = ["services", "stores", "checks", "notify", "remedies"] as const;

/** A missing secret stops the start or the deployment, not the night shift. Throws UserError `SM-SECRET-MISSING`. */
export function requireSecrets(
  manifest: Manifest,
  secretDigest: Engine["secretDigest"],
  parts: readonly (typeof PARTS)[number][] = PARTS,
): void {
  for (const part of parts)
    for (const [name, value] of Object.entries(manifest[part]))
      secretDigest(
        strings(value).filter((text) => secretNames(text).length > 0),
        `${part}.${name}`,
      );
}

/** Every check of the manifest can be made once its services have addresses. Throws UserError `SM-SECRET-MISSING`, `SM-CHECK-URL`. */
export function requireChecks({ manifest, secrets }: Project): void {
  const store = () => "postgres://127.0.0.1/store";
  const service = () => "http://127.0.0.1";
  const resolve = (text: string, where: string) => interpolate(text, { secret: secrets.find, store, service }, where);
  for (const [name, check] of Object.entries(manifest.checks))
    namedCheck(name, check, { environment: "", routes: {}, resolve });
}
