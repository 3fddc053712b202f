import type { EnvironmentConfig } from "../../config/environments.ts";
import type { ManifestConfig } from "../../config/schema.ts";
import { UserError } from "../../core/errors.ts";
import type { PreviewRow } from "../../store/tables/hosts.ts";
import { shortRef } from "./names.ts";

/** What a preview is: the environment it is a copy of, and of what. */
export type PreviewIdentity = Pick<PreviewRow, "env" | "source" | "ref" | "commit" | "host">;

/**
 * The environment of a preview: that of the manifest on one host, with its own domains, built from its own ref. Strategies keep
 * their kind, but nobody bakes. UserError `SM-PREVIEW-SOURCE` when the manifest has no such environment any more.
 */
export function previewSettings(
  { environments, repository }: Pick<ManifestConfig, "environments" | "repository">,
  preview: PreviewIdentity,
): EnvironmentConfig {
  const template = environments[preview.source];
  if (template?.platform !== "compose" || template.per === undefined)
    throw new UserError({
      code: "SM-PREVIEW-SOURCE",
      message: `${preview.env} is a copy of ${preview.source}, which the manifest no longer has with \`per\``,
      next: `bring the environment ${preview.source} back until stationmaster preview list is empty`,
    });
  const routes = Object.entries(template.routes).map(([service, route]) => [
    service,
    { ...route, domain: filled(route.domain ?? "", preview) },
  ]);
  return {
    ...template,
    hosts: [preview.host],
    branch: repository === undefined ? undefined : shortRef(preview.ref),
    routes: Object.fromEntries(routes),
    strategy: {
      ...template.strategy,
      // There are no users whose requests could judge a canary.
      kind: template.strategy.kind ?? "blue-green",
      bake: template.strategy.bake ?? 0,
    },
  };
}

/**
 * The manifest as a preview has it: its environment beside the others, its images and the databases it may use. Nothing watches
 * or heals a preview, so checks, remedies and channels are left out, and with them the secrets they need.
 */
export function previewManifest<M extends ManifestConfig>(manifest: M, preview: PreviewIdentity): M {
  const settings = previewSettings(manifest, preview);
  const images = settings.platform === "compose" ? settings.images : {};
  const services = Object.entries(manifest.services).map(([name, service]) => {
    const image = images[name];
    return [name, image === undefined ? service : { ...service, image: filled(image, preview), dockerfile: undefined }];
  });
  const stores = Object.entries(manifest.stores)
    .filter(([name]) => isUsed(name, manifest))
    .map(([name, store]) => [name, { ...store, url: store.preview?.url ?? store.url }]);
  return {
    ...manifest,
    services: Object.fromEntries(services),
    stores: Object.fromEntries(stores),
    environments: { ...manifest.environments, [preview.env]: settings },
    ...{ checks: {}, remedies: {}, devops: undefined, notify: {}, escalate: {} },
  };
}

/** What a Compose file finds besides the variables it may use. */
export function previewVariables({ env, ref, commit }: PreviewIdentity): Record<string, string> {
  return { PREVIEW: env, PREVIEW_REF: shortRef(ref), PREVIEW_COMMIT: commit ?? "" };
}

function isUsed(store: string, { services }: ManifestConfig): boolean {
  return Object.values(services).some(({ env }) =>
    Object.values(env).some((text) => text.includes(`\${store:${store}}`)),
  );
}

function filled(text: string, { env, commit }: PreviewIdentity): string {
  return text.replaceAll("${preview}", env).replaceAll("${commit}", commit ?? "");
}
