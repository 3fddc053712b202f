import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { aptInstall, copy, env, HOME, listens, run, startsAs, workdir } from "../parts.ts";
import { copyFiles, present, type Site } from "../recipe.ts";
import { stateFolders } from "./python.ts";

/** Elixir: a release with its own runtime, on the same Debian that it was built on. */
export function elixirRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const builder = site.image("elixir", service.runtime.version);
  const base = site.image("debian");
  if (builder === undefined || base === undefined || service.start === null) return undefined;
  const name = /bin\/([\w-]+)\s+start/.exec(service.start)?.[1] ?? service.name;
  const assets = site.has("assets/package.json") || site.has("assets/js/app.js");
  return [
    {
      image: builder,
      name: "build",
      instructions: [
        env("MIX_ENV=prod"),
        workdir("/src"),
        ...aptInstall(["build-essential", "git"]),
        run("mix local.hex --force\n&& mix local.rebar --force"),
        ...copyFiles(present(site, ["mix.exs", "mix.lock"])),
        run("mix deps.get --only prod --check-locked"),
        copy(". ."),
        run("mix deps.compile"),
        ...(assets ? [run("mix assets.deploy")] : []),
        run("mix compile\n&& mix release"),
      ],
    },
    {
      image: base,
      instructions: [
        env("LANG=C.UTF-8 PHX_SERVER=true RELEASE_TMP=/tmp"),
        workdir(HOME),
        ...aptInstall(["busybox", "ca-certificates", "libncurses6", "libstdc++6", "openssl", ...service.native]),
        copy(`--from=build /src/_build/prod/rel/${name} ./`),
        ...stateFolders(service.state),
        ...listens(service),
        ...startsAs(service.start.replace(/^(?:_build\/prod\/rel\/[\w-]+\/)?bin\//, "bin/")),
      ],
    },
  ];
}
