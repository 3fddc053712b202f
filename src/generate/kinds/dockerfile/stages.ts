import type { Stage } from "../../../formats/dockerfile/print.ts";
import { insideContext } from "../../image-folders.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { contextOf } from "./context.ts";
import { withMigrator } from "./migrator.ts";
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
import { staticRecipe } from "./recipes/static.ts";

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

/** The stages of a service's image with the place they are built; no stages for what there is no sound recipe for. */
export function stagesOf(service: PlannedService, plan: Plan): { site: Site; stages: Stage[] | undefined } {
  const site = siteOf(service, plan);
  const stages = RECIPES[service.runtime.name]?.(site);
  return { site, stages: stages && withMigrator(site, stages) };
}

/** How an image is built, for those that start one. */
export interface ImageBuild {
  context: string;
  /** Relative to the context. */
  dockerfile: string;
  /** Names of its stages; empty for a Dockerfile that people wrote. */
  stages: string[];
}

/** How the image of a service is built; undefined where nobody wrote a Dockerfile and none is generated. */
export function imageBuild(service: PlannedService, plan: Plan): ImageBuild | undefined {
  const context = contextOf(service);
  const dockerfile = insideContext(context, service.dockerfile.path);
  if (service.dockerfile.foreign) return { context, dockerfile, stages: [] };
  const { stages } = stagesOf(service, plan);
  return stages && { context, dockerfile, stages: stages.flatMap(({ name }) => name ?? []) };
}
