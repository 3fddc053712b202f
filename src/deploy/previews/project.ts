import type { Manifest } from "../../config/load.ts";
import type { SecretSource } from "../../config/secrets.ts";
import { PolicyError } from "../../core/errors.ts";
import { Secret } from "../../core/redact.ts";
import type { PreviewRow } from "../../store/tables/hosts.ts";
import { type PreviewIdentity, previewManifest, previewVariables } from "./settings.ts";

/** A project on disk. */
interface OnDisk {
  manifest: Manifest;
  secrets: SecretSource;
}

/** The project as a preview has it. */
export function previewOf<P extends OnDisk>(project: P, preview: PreviewIdentity & Pick<PreviewRow, "fork">): P {
  const template = project.manifest.environments[preview.source];
  const allowed = template?.platform === "compose" && !preview.fork ? template.secrets : [];
  return {
    ...project,
    manifest: previewManifest(project.manifest, preview),
    secrets: withVariables(allowedSecrets(project.secrets, allowed, preview), previewVariables(preview)),
  };
}

/** Variables that Compose files may use are found as secrets are; these are none. */
function withVariables(secrets: SecretSource, variables: Record<string, string>): SecretSource {
  return {
    allows: (name) => Object.hasOwn(variables, name) || secrets.allows?.(name) !== false,
    find: (name) => {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      return value === undefined ? secrets.find(name) : new Secret(name, value);
    },
  };
}

/** Secrets by an allow-list. Asked for another one, `find` throws PolicyError `SM-PREVIEW-SECRET`, whether there is one of that name or not. */
function allowedSecrets(
  secrets: SecretSource,
  allowed: readonly string[],
  { env, fork, source }: PreviewIdentity & Pick<PreviewRow, "fork">,
): SecretSource {
  const allows = (name: string) => allowed.includes(name);
  return {
    allows,
    find: (name) => {
      if (allows(name)) return secrets.find(name);
      throw new PolicyError({
        code: "SM-PREVIEW-SECRET",
        message: fork
          ? `${env} is made from a fork, which gets no secrets, and needs the secret ${name}`
          : `${env} needs the secret ${name}, which previews may not use`,
        next: fork
          ? "look at the change, then push it to a branch of the repository"
          : `add ${name} to environments.${source}.secrets if every branch may read it`,
      });
    },
  };
}
