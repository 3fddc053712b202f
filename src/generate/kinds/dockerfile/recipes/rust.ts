import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { aptInstall, copy, HOME, listens, run, startsAs, workdir } from "../parts.ts";
import type { Site } from "../recipe.ts";
import { binaryOf } from "./go.ts";
import { stateFolders } from "./python.ts";

/** Rust: built with the lockfile, run on the same Debian so that the C library fits. */
export function rustRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const builder = site.image("rust", service.runtime.version);
  const base = site.image("debian");
  if (builder === undefined || base === undefined) return undefined;
  const binary = binaryOf(service.start);
  const locked = site.has("Cargo.lock") ? " --locked" : "";
  return [
    {
      image: builder,
      name: "build",
      instructions: [
        workdir("/src"),
        ...aptInstall(service.native.filter((name) => name.endsWith("-dev"))),
        copy(". ."),
        run(`cargo build --release${locked} --bin ${binary}`),
      ],
    },
    {
      image: base,
      instructions: [
        workdir(HOME),
        ...aptInstall(["busybox", "ca-certificates", ...service.native.filter((name) => !name.endsWith("-dev"))]),
        copy(`--from=build /src/target/release/${binary} ./${binary}`),
        ...stateFolders(service.state),
        ...listens(service),
        ...startsAs(`./${binary}${(service.start ?? "").replace(/^\S+/, "")}`),
      ],
    },
  ];
}
