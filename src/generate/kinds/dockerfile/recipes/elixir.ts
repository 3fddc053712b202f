import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { compiling, running } from "../native.ts";
import { aptInstall, copy, env, HOME, listens, nodeBeside, run, startsAs, workdir, writableFolders } from "../parts.ts";
import { copyFiles, present, type Site } from "../recipe.ts";

/** Elixir: a release with its own runtime, on the same Debian that it was built on. */
export function elixirRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const builder = site.image("elixir", service.runtime.version);
  const base = site.image("debian");
  if (builder === undefined || base === undefined || service.start === null) return undefined;
  const name = /bin\/([\w-]+)\s+start/.exec(service.start)?.[1] ?? service.name;
  const deploys = site.text("mix.exs")?.includes("assets.deploy") ?? false;
  const node = site.has("assets/package.json") ? site.image("node") : undefined;
  const beside = node === undefined ? undefined : nodeBeside(node);
  const umbrella = site.paths().filter((path) => /^apps\/[^/]+\/mix\.exs$/.test(path));
  const locked = site.has("mix.lock") ? " --check-locked" : "";
  return [
    ...(beside ? [beside.stage] : []),
    {
      image: builder,
      name: "build",
      instructions: [
        env("MIX_ENV=prod"),
        workdir("/src"),
        ...aptInstall(["build-essential", "git", ...compiling(service.native)]),
        ...(beside?.instructions ?? []),
        run("mix local.hex --force\n&& mix local.rebar --force"),
        ...copyFiles([...present(site, ["mix.exs", "mix.lock"]), ...umbrella]),
        run(`mix deps.get --only prod${locked}`),
        // Libraries are compiled with these settings; the code changes more often.
        ...copyFiles(present(site, ["config/config.exs", "config/prod.exs"])),
        run("mix deps.compile"),
        copy(". ."),
        ...(beside ? [run(`npm ${site.has("assets/package-lock.json") ? "ci" : "install"} --prefix assets`)] : []),
        run("mix compile"),
        ...(deploys ? [run("mix assets.deploy")] : []),
        run("mix release"),
      ],
    },
    {
      image: base,
      instructions: [
        env("LANG=C.UTF-8 PHX_SERVER=true RELEASE_TMP=/tmp"),
        workdir(HOME),
        ...aptInstall([
          "busybox",
          "ca-certificates",
          "libncurses6",
          "libstdc++6",
          "openssl",
          ...running(service.native),
        ]),
        copy(`--from=build /src/_build/prod/rel/${name} ./`),
        ...writableFolders(service),
        ...listens(service),
        ...startsAs(service.start.replace(/^(?:_build\/prod\/rel\/[\w-]+\/)?bin\//, "bin/")),
      ],
    },
  ];
}
