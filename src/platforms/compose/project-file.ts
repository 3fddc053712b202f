import { readFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, relative, resolve } from "node:path";
import { parseEnv } from "node:util";
import type { ComposeConfig } from "../../config/environments.ts";
import { secretNames } from "../../config/secrets.ts";
import { systemCode, UserError } from "../../core/errors.ts";
import type { Project } from "../platform.ts";
import { composeEnvironment } from "./file/environment.ts";
import { loadComposeFile } from "./file/load.ts";
import type { ComposeFile } from "./file/model.ts";
import type { ContainerSpec } from "./file/spec.ts";
import { refuseSharedInfrastructure } from "./preview-mounts.ts";

/** In the order in which Compose looks for them. */
const NAMES = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/** A project whose environment is of this platform. */
export interface ComposeProject extends Project {
  settings: ComposeConfig;
}

/** The Compose file of the project as it is now, and its text; undefined where there is none. Throws `UserError` `SM-COMPOSE-…`. */
export async function readComposeFile(
  project: ComposeProject,
): Promise<{ file: ComposeFile; text: string; path: string } | undefined> {
  const { root, settings } = project;
  for (const name of settings.file ? [settings.file] : NAMES) {
    const path = resolve(root, name);
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    });
    if (text === undefined) continue;
    const ours = Object.keys(project.services);
    const secret = secretsOf(project);
    const options = { name: basename(path), variable: project.variable, secret, dir: dirname(path), ours };
    const file = loadComposeFile(text, options);
    if (settings.per === undefined) return { file, text, path };
    refuseSharedInfrastructure(file);
    // Its own name would make the volumes of all copies one.
    return { file: { ...file, name: undefined }, text, path };
  }
  if (settings.file)
    throw new UserError({
      code: "SM-COMPOSE-MISSING",
      message: `there is no ${settings.file}`,
      next: "correct `file` of the environment",
    });
  return undefined;
}

/** What the manifest takes as `${secret:NAME}` is a secret in the Compose file too. */
function secretsOf({ services, settings }: ComposeProject): (name: string) => boolean {
  const texts = [settings.env, ...Object.values(services).map(({ env }) => env)].flatMap((env) =>
    Object.values(env ?? {}),
  );
  const names = new Set(texts.flatMap(secretNames));
  return (name) => names.has(name);
}

/**
 * The variables that the Compose file gives a service. What comes from the environment or from a file stays a reference: values
 * belong into no record of a release.
 */
export async function referencedEnvironment(
  spec: Pick<ContainerSpec, "environment" | "env_files">,
  { project, dir }: { project: ComposeProject; dir: string },
): Promise<Record<string, string>> {
  const variable = (name: string) => (project.variable(name) === undefined ? undefined : `\${secret:${name}}`);
  const fileOf = async (path: string) => {
    const place = isAbsolute(path) ? path : resolve(dir, path);
    const text = await readFile(place, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const name = relative(project.root, place);
    return Object.keys(parseEnv(text))
      .map((key) => `${key}='\${secret:${name}#${key}}'\n`)
      .join("");
  };
  return await composeEnvironment(spec, { variable, readFile: fileOf });
}
