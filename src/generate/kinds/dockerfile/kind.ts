import { printDockerfile } from "../../../formats/dockerfile/print.ts";
import { joinPath } from "../../../formats/tree.ts";
import { insideContext } from "../../image-folders.ts";
import type { GeneratedFile, Kind } from "../../kind.ts";
import { NOTE } from "../../note.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { contextOf } from "./context.ts";
import { dockerignore } from "./dockerignore.ts";
import { committedSettings } from "./page-settings.ts";
import type { Site } from "./recipe.ts";
import { caddyfile } from "./recipes/static.ts";
import { stagesOf } from "./stages.ts";

/** An image for each service, and what stays out of it. */
export const dockerfile: Kind = {
  id: "dockerfile",
  title: "images",
  wanted: ({ target }) => target !== "vercel",
  render(plan) {
    const made = plan.services.flatMap((service) => serviceFiles(service, plan));
    const contexts = Map.groupBy(
      plan.services.filter(({ dockerfile: { path } }) => made.some((file) => file.path === path)),
      contextOf,
    );
    return [
      ...made,
      ...[...contexts].map(
        ([context, services]): GeneratedFile => ({
          path: joinPath(context, ".dockerignore") ?? ".dockerignore",
          text: dockerignore(services, {
            text: (path) => plan.tree.text(joinPath(context, path) ?? path),
            settings: services.flatMap((service) => {
              const known = committedSettings(service, plan.tree);
              return known ? [insideContext(context, known.file)] : [];
            }),
          }),
          ownership: "managed",
          why: "keeps history, secrets and what is built anew out of the images",
        }),
      ),
    ];
  },
};

function serviceFiles(service: PlannedService, plan: Plan): GeneratedFile[] {
  const { site, stages } = stagesOf(service, plan);
  if (!stages) return [];
  const file: GeneratedFile = {
    path: service.dockerfile.path,
    text: printDockerfile(stages, header(site)),
    ownership: "managed",
    why: `image of ${service.name}: ${service.framework ?? service.runtime.name}, from ${service.origin.start ?? "convention"}`,
    notes: site.notes,
  };
  return [file, ...(service.role === "static" ? [pageSettings(site)] : [])];
}

function header({ service, context }: Site): string[] {
  return [`Image of ${service.name}: docker build -f ${service.dockerfile.path} ${context}`, NOTE];
}

function pageSettings(site: Site): GeneratedFile {
  return {
    path: joinPath(site.service.path, "Caddyfile") ?? "Caddyfile",
    text: caddyfile(site),
    ownership: "managed",
    why: `how the pages of ${site.service.name} are served`,
  };
}
