import type { EnvironmentConfig } from "../config/environments.ts";
import { loadManifest, type Manifest } from "../config/load.ts";
import { previewTemplate } from "../config/previews.ts";
import { createSecretSource, type SecretSource } from "../config/secrets.ts";
import { UserError } from "../core/errors.ts";
import { isPreviewName } from "../deploy/previews/names.ts";
import { previewOf } from "../deploy/previews/project.ts";
import type { Store } from "../store/connect.ts";
import { findPreview } from "../store/previews.ts";
import type { PreviewRow } from "../store/tables/hosts.ts";
import type { Place } from "./place.ts";

/** The manifest and its secrets as they lay on disk at one moment. */
export interface Project {
  manifest: Manifest;
  secrets: SecretSource;
}

/** Reads what lies on disk now, as the environment has it. Throws UserError `SM-CONFIG-…`. */
export function projectReader({ configFile }: Place, preview: PreviewRow | undefined): () => Project {
  return () => {
    const manifest = loadManifest(configFile);
    const project = { manifest, secrets: createSecretSource({ root: manifest.root }) };
    return preview ? previewOf(project, preview) : project;
  };
}

/** The application, if it has an environment of that name or may have a preview of it; before anything is made. */
export function requireName(place: Place, environment: string | undefined): string {
  const { manifest } = projectReader(place, undefined)();
  const mayBePreview = environment !== undefined && isPreviewName(environment) && previewTemplate(manifest);
  if (!mayBePreview) chooseEnvironment(manifest, environment);
  return manifest.project;
}

/** The project as an environment has it, which may be a preview. Throws UserError `SM-ENVIRONMENT` when there is neither. */
export async function openProject(
  place: Place,
  { db }: Pick<Store, "db">,
  { app, environment }: { app: string; environment: string | undefined },
): Promise<{ preview: PreviewRow | undefined; read(): Project; project: Project; environmentName: string }> {
  const name = environment !== undefined && isPreviewName(environment) ? environment : undefined;
  const row = name === undefined ? undefined : await findPreview(db, { app, env: name });
  const preview = row?.state === "removed" ? undefined : row;
  const read = projectReader(place, preview);
  const project = read();
  return { preview, read, project, environmentName: chooseEnvironment(project.manifest, environment) };
}

export function settingsOf({ environments }: Pick<Manifest, "environments">, name: string): EnvironmentConfig {
  const settings = environments[name];
  if (!settings) throw new Error(`no environment ${name}`);
  return settings;
}

/** The named environment, or the first of the manifest. One that is copied for pull requests or branches is no place to deploy to. */
export function chooseEnvironment(manifest: Pick<Manifest, "environments">, name: string | undefined): string {
  const template = previewTemplate(manifest)?.name;
  const names = Object.keys(manifest.environments).filter((item) => item !== template);
  const chosen = name ?? names[0] ?? "";
  if (names.includes(chosen)) return chosen;
  throw new UserError({
    code: "SM-ENVIRONMENT",
    message:
      chosen === template
        ? `${chosen} is copied for pull requests or branches, and nothing runs in it itself`
        : `there is no environment "${chosen}"`,
    next: chosen === template ? "see stationmaster preview list" : `there are ${names.join(", ")}`,
  });
}
