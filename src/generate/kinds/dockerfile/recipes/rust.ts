import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { compiling, running } from "../native.ts";
import { aptInstall, copy, HOME, listens, looseRun, run, startsAs, workdir, writableFolders } from "../parts.ts";
import type { Site } from "../recipe.ts";
import { binaryOf, dataFolders, ownBinary } from "./go.ts";

/** Libraries of the system that crates link to. */
const LINKED: Record<string, string> = {
  "openssl-sys": "libssl3",
  "pq-sys": "libpq5",
  "mysqlclient-sys": "libmariadb3",
};

/** Rust: built with the lockfile, run on the same Debian so that the C library fits. */
export function rustRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  if (service.role === "static") {
    site.notes.push(
      `no image is known that has ${service.build?.split(" ")[0] ?? "the tool"} for the pages of ${service.name}`,
    );
    return undefined;
  }
  const builder = site.image("rust", service.runtime.version);
  const base = site.image("debian");
  if (builder === undefined || base === undefined) return undefined;
  const binary = binaryOf(service.start, service.name);
  const lock = site.text("Cargo.lock") ?? "";
  const linked = Object.keys(LINKED).filter((crate) => lock.includes(`name = "${crate}"`));
  const libraries = [...linked.map((crate) => LINKED[crate] ?? ""), ...running(service.native)];
  const headers = compiling([...service.native, ...libraries]);
  return [
    {
      image: builder,
      name: "build",
      instructions: [
        workdir("/src"),
        ...aptInstall(headers),
        copy(". ."),
        site.has("Cargo.lock")
          ? run(`cargo build --release --locked --bin ${binary}`)
          : looseRun(`cargo build --release --bin ${binary}`, "Cargo.lock"),
      ],
    },
    {
      image: base,
      instructions: [
        workdir(HOME),
        ...aptInstall(["busybox", "ca-certificates", ...libraries]),
        copy(`--from=build /src/target/release/${binary} ./${binary}`),
        ...dataFolders(site, "/src", ".rs"),
        ...writableFolders(service),
        ...listens(service),
        ...startsAs(ownBinary(service.start, binary)),
      ],
    },
  ];
}
