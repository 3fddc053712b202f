import { printDockerfile } from "../../../formats/dockerfile/print.ts";
import { joinPath } from "../../../formats/tree.ts";
import type { GeneratedFile, Kind } from "../../kind.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { contextOf } from "./context.ts";
import { dockerignore } from "./dockerignore.ts";
import { type MakeRecipe, type Site, siteOf } from "./recipe.ts";
import { denoRecipe } from "./recipes/deno.ts";
import { dotnetRecipe } from "./recipes/dotnet.ts";
import { elixirRecipe } from "./recipes/elixir.ts";
import { goRecipe } from "./recipes/go.ts";
import { jvmRecipe } from "./recipes/jvm.ts";
import { nodeRecipe } from "./recipes/node.ts";
import { phpRecipe } from "./recipes/php.ts";
import { pythonRecipe } from "./recipes/python.ts";
import { rubyRecipe } from "./recipes/ruby.ts";
import { rustRecipe } from "./recipes/rust.ts";
import { caddyfile, staticRecipe } from "./recipes/static.ts";

const RECIPES: Record<string, MakeRecipe> = {
  node: nodeRecipe,
  bun: nodeRecipe,
  deno: denoRecipe,
  python: pythonRecipe,
  go: goRecipe,
  rust: rustRecipe,
  java: jvmRecipe,
  ruby: rubyRecipe,
  php: phpRecipe,
  dotnet: dotnetRecipe,
  elixir: elixirRecipe,
  static: staticRecipe,
};

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
          text: dockerignore(services),
          ownership: "managed",
          why: "keeps history, secrets and what is built anew out of the images",
        }),
      ),
    ];
  },
};

function serviceFiles(service: PlannedService, plan: Plan): GeneratedFile[] {
  const site = siteOf(service, plan);
  const stages = RECIPES[service.runtime.name]?.(site);
  if (!stages) return [];
  const context = site.context === "." ? "the root of the repository" : site.context;
  const header = [
    `Image of ${service.name}; built from ${context}.`,
    "Written by stationmaster generate; edits are kept when it is written again.",
  ];
  const file: GeneratedFile = {
    path: service.dockerfile.path,
    text: printDockerfile(stages, header),
    ownership: "managed",
    why: `image of ${service.name}: ${service.framework ?? service.runtime.name}, from ${service.origin.start ?? "convention"}`,
    notes: site.notes,
  };
  return [file, ...(service.role === "static" ? [pageSettings(site)] : [])];
}

function pageSettings(site: Site): GeneratedFile {
  return {
    path: joinPath(site.service.path, "Caddyfile") ?? "Caddyfile",
    text: caddyfile(site),
    ownership: "managed",
    why: `how the pages of ${site.service.name} are served`,
  };
}
