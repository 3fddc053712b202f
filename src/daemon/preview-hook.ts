import { previewTemplate } from "../config/previews.ts";
import { secretNames } from "../config/secrets.ts";
import { toKnownError, UserError } from "../core/errors.ts";
import type { Secret } from "../core/redact.ts";
import type { Background } from "./background.ts";
import type { Engine } from "./engine.ts";
import type { Previews } from "./previews.ts";
import { type Project, projectReader } from "./project.ts";
import type { PreviewHook } from "./usecases.ts";

/** A pull request counts as open once it has a trial merge, which GitHub makes some seconds after it tells of it. */
const AGAIN_MS = 10_000;

/**
 * What webhooks may do, as the manifest on disk says at each call. Throws UserError `SM-SECRET-MISSING` at once where the secret
 * it names is not set: nobody would see that later.
 */
export function createPreviewHook(
  engine: Engine,
  previews: Previews,
  { onBackgroundError, track = (work) => work }: Background,
): (environment?: string) => Promise<PreviewHook | undefined> {
  const read = projectReader(engine.place, undefined);
  hookOf(read());
  let again: NodeJS.Timeout | undefined;
  const round = () => void track(previews.round()).catch((error: unknown) => onBackgroundError(toKnownError(error)));

  function look(): void {
    round();
    clearTimeout(again);
    again = setTimeout(round, AGAIN_MS).unref();
  }

  return async (environment) => {
    try {
      const found = hookOf(read());
      if (!found || (environment !== undefined && environment !== found.environment)) return undefined;
      return { secret: found.secret, look };
    } catch (error) {
      // Who sends hooks may be anybody: what is wrong with the manifest is not for them.
      onBackgroundError(toKnownError(error));
      return undefined;
    }
  };
}

function hookOf({ manifest, secrets }: Project): { environment: string; secret: Secret } | undefined {
  const template = previewTemplate(manifest);
  const [name] = secretNames(template?.settings.webhook_secret ?? "");
  if (!template || name === undefined) return undefined;
  const secret = secrets.find(name);
  if (secret && secret.unwrap() !== "") return { environment: template.name, secret };
  throw new UserError({
    code: "SM-SECRET-MISSING",
    message: `the secret ${name} is not set (used in environments.${template.name}.webhook_secret)`,
    next: `set the environment variable ${name}, or add it to .env`,
  });
}
