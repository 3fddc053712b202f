import type { Instruction, Stage } from "../../../../formats/dockerfile/print.ts";
import { recordAt } from "../../../../formats/document.ts";
import { aptInstall, buildArguments, copy, env, HOME, listens, run, startsAs, workdir } from "../parts.ts";
import { present, type Site } from "../recipe.ts";
import { installSteps, packageOf } from "./node-packages.ts";
import { pageServer } from "./static.ts";

/** Tools that install packages of the system for a library of npm. */
const BUILD_PACKAGES = ["python3", "make", "g++"];
/** Libraries of npm that compile C++ where no binary of theirs fits. */
const COMPILED = [
  "bcrypt",
  "canvas",
  "better-sqlite3",
  "sqlite3",
  "argon2",
  "node-sass",
  "bufferutil",
  "re2",
  "isolated-vm",
];
/** Folders a framework writes to while it runs. */
const CACHES: Record<string, readonly string[]> = { next: [".next/cache"], nuxt: [], gatsby: [".cache"] };

/** Node.js, and Bun where it runs the program too. */
export function nodeRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const bun = service.runtime.name === "bun";
  const image = site.image(bun ? "bun" : "node", service.runtime.version);
  if (image === undefined) return undefined;
  const build = buildStage(site, image);
  if (service.role === "static") {
    const server = pageServer(site, `${HOME}/${site.inService(service.output ?? "dist")}`);
    return server && [build, server];
  }
  const prune = keepsTools(site) ? [] : installSteps({ ...site, notes: [] }).prune;
  return [
    { ...build, instructions: [...build.instructions, ...prune] },
    {
      image,
      instructions: [
        env("NODE_ENV=production"),
        env(`PATH=${binaries(site)}:$PATH`),
        workdir(site.folder === "." ? HOME : `${HOME}/${site.folder}`),
        ...aptInstall(service.native),
        copy(`--from=build ${HOME} ${HOME}`),
        ...writable(site),
        ...listens(service),
        ...startsAs(service.start ?? "node index.js"),
      ],
    },
  ];
}

function buildStage(site: Site, image: string): Stage {
  const { service } = site;
  const { before } = installSteps(site);
  const compiled = Object.keys(recordAt(packageOf(site), ["dependencies"])).some((name) => COMPILED.includes(name));
  return {
    image,
    name: "build",
    instructions: [
      workdir(HOME),
      ...aptInstall([
        ...(compiled ? BUILD_PACKAGES : []),
        ...(present(site, ["prisma/schema.prisma", site.inService("prisma/schema.prisma")]).length > 0
          ? ["openssl"]
          : []),
      ]),
      ...before,
      ...buildArguments(service),
      ...builds(site),
    ],
  };
}

/** Packages that it needs are built before it, in the order of their names' depth: tools of workspaces do the same by themselves. */
function builds(site: Site): Instruction[] {
  const { build } = site.service;
  if (build === null) return [];
  if (site.folder === ".") return [run(build)];
  return [workdir(`${HOME}/${site.folder}`), run(build), workdir(HOME)];
}

/** A migration tool among the development dependencies runs from this image too, so they stay. */
function keepsTools(site: Site): boolean {
  const { migrations } = site.service;
  if (migrations === null) return false;
  const kept = Object.keys(recordAt(packageOf(site), ["devDependencies"])).find((name) =>
    migrations.command.includes(name),
  );
  if (kept !== undefined)
    site.notes.push(`${kept} is a development dependency, and migrations need it: all of them stay in the image`);
  return kept !== undefined;
}

function binaries({ folder }: Site): string {
  const own = `${HOME}/node_modules/.bin`;
  return folder === "." ? own : `${HOME}/${folder}/node_modules/.bin:${own}`;
}

/** Folders that the program writes to, for its user; everything else belongs to root. */
function writable({ service, folder }: Site): Instruction[] {
  const paths = [...(CACHES[service.framework ?? ""] ?? []), ...service.state].map((path) =>
    folder === "." ? path : `${HOME}/${folder}/${path}`,
  );
  return paths.length === 0 ? [] : [run(`mkdir -p ${paths.join(" ")}\n&& chown -R 10001:10001 ${paths.join(" ")}`)];
}
