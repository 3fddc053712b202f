import type { Instruction, Stage } from "../../../../formats/dockerfile/print.ts";
import { recordAt } from "../../../../formats/document.ts";
import { compiling, running } from "../native.ts";
import {
  aptInstall,
  buildArguments,
  copy,
  env,
  HOME,
  listens,
  run,
  startsAs,
  workdir,
  writableFolders,
} from "../parts.ts";
import { jsonFile, type Site } from "../recipe.ts";
import { bundleOf } from "./node-bundle.ts";
import { installSteps, managerOf, packageOf } from "./node-packages.ts";
import { generatesAgain, usesPrisma } from "./node-prisma.ts";
import { neededFolders, runtimeParts, workspaceBuild } from "./node-workspace.ts";
import { pageServer } from "./static.ts";

/** Packages of the system that compiling a library of npm takes. */
const COMPILERS = ["python3", "make", "g++"];
/** Libraries of npm that compile C++ where no binary of theirs fits. */
const COMPILED = new Set([
  ...["bcrypt", "canvas", "better-sqlite3", "sqlite3", "argon2", "node-sass", "bufferutil", "re2", "isolated-vm"],
]);

/** Node.js, and Bun where it runs the program too. */
export function nodeRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  if (site.has("rush.json") && !site.has("package.json")) {
    site.notes.push(
      `${service.name} is part of a Rush workspace: its image is made of what \`rush deploy\` puts together, by a Dockerfile of yours`,
    );
    return undefined;
  }
  const image = site.image(service.runtime.name === "bun" ? "bun" : "node", service.runtime.version);
  if (image === undefined) return undefined;
  const build = buildStage(site, image);
  if (service.role === "static") {
    const server = pageServer(site, `${HOME}/${site.inService(service.output ?? "dist")}`);
    return server && [build, server];
  }
  const bundle = bundleOf(site);
  if (bundle)
    return [
      build,
      {
        image,
        instructions: [
          env(["NODE_ENV=production", ...bundle.env].join(" ")),
          workdir(HOME),
          ...aptInstall(systemPackages(site)),
          ...bundle.copies.map((line) => copy(line)),
          ...writableFolders(service),
          ...listens(service),
          ...startsAs(bundle.start),
        ],
      },
    ];
  if (service.start === null) return undefined;
  const why = whyAllPackages(site);
  const prune = why === undefined ? pruned(site) : [];
  // The stage that builds keeps them: one works on the sources in it.
  const packed: Stage[] = prune.length > 0 ? [{ image: "build", name: "packed", instructions: prune }] : [];
  return [
    build,
    ...packed,
    {
      image,
      instructions: [
        env(["NODE_ENV=production", ...(service.framework === "astro" ? ["HOST=0.0.0.0"] : [])].join(" ")),
        env(`PATH=${binaries(site)}:$PATH`),
        workdir(site.folder === "." ? HOME : `${HOME}/${site.folder}`),
        ...aptInstall(systemPackages(site)),
        ...taken(site, packed.length > 0 ? "packed" : "build", why),
        ...writableFolders(service),
        ...listens(service),
        ...startsAs(service.start),
      ],
    },
  ];
}

/** What the last stage takes over. */
function taken(site: Site, stage: string, why: string | undefined): Instruction[] {
  const parts = runtimeParts(site);
  if (!parts) return [copy(`--from=${stage} ${HOME} ${HOME}`, why)];
  const from = (path: string) => `--from=${stage} ${HOME}/${path} ${HOME}/${path}`;
  return [
    copy(`--from=${stage} ${parts.files.map((file) => `${HOME}/${file}`).join(" ")} ${HOME}/`),
    copy(from("node_modules"), why),
    ...parts.folders.map((folder) => copy(from(folder))),
  ];
}

function buildStage(site: Site, image: string): Stage {
  const { service } = site;
  const dependencies = Object.keys(recordAt(packageOf(site), ["dependencies"]));
  const compiled = service.runtime.name === "node" && dependencies.some((name) => COMPILED.has(name));
  return {
    image,
    name: "build",
    instructions: [
      workdir(HOME),
      ...aptInstall([
        ...(compiled ? COMPILERS : []),
        ...compiling(service.native),
        ...(usesPrisma(site) ? ["openssl"] : []),
      ]),
      ...installSteps(site).before,
      ...buildArguments(service),
      ...builds(site),
    ],
  };
}

function builds(site: Site): Instruction[] {
  const { root, own } = workspaceBuild(site, managerOf(site));
  const commands = [...generatesClient(site), ...(own === null ? [] : [own])];
  const here = commands.map((command) => run(command));
  const above = root.map((command) => run(command));
  if (site.folder === "." || here.length === 0) return [...above, ...here];
  return [...above, workdir(`${HOME}/${site.folder}`), ...here, workdir(HOME)];
}

/** The client of the database is code that is made from the schema; some versions make it at installation, others do not. */
function generatesClient(site: Site): string[] {
  const scripts = Object.values(recordAt(packageOf(site), ["scripts"])).map(String);
  const own = site.has(site.inService("prisma/schema.prisma"));
  return own && !scripts.some((script) => script.includes("prisma generate")) ? ["npx prisma generate"] : [];
}

function systemPackages(site: Site): string[] {
  return [...running(site.service.native), ...(usesPrisma(site) ? ["openssl"] : [])];
}

/** Why development packages stay in the image; undefined where they go. */
function whyAllPackages(site: Site): string | undefined {
  const { migrations } = site.service;
  // Migrations may lie in a package of the workspace, with their tool.
  const packages = [packageOf(site), ...neededFolders(site).map((folder) => jsonFile(site, `${folder}/package.json`))];
  const tools = packages.flatMap((own) => Object.keys(recordAt(own, ["devDependencies"])));
  const words = new Set(migrations?.command.replaceAll("node_modules/.bin/", "").split(/\s+/) ?? []);
  const kept = tools.find((name) => words.has(name) || words.has(`${name}-cli`));
  if (kept !== undefined) {
    site.notes.push(
      `make ${kept} a dependency: migrations need it, and until then all development packages stay in the image`,
    );
    return `Migrations run from this image with ${kept}, a development dependency: those stay in it.`;
  }
  const generates = usesPrisma(site) && managerOf(site) !== "npm" && tools.includes("prisma");
  return generates
    ? "Prisma's client lies among the packages, and goes where development packages are taken out."
    : undefined;
}

/** Takes development packages out; managers that install anew need Prisma's client made again. */
function pruned(site: Site): Instruction[] {
  const { prune } = installSteps({ ...site, notes: [] });
  const again = usesPrisma(site) && managerOf(site) !== "npm" && prune.length > 0;
  if (!again) return prune;
  return [...prune, ...generatesAgain(site)];
}

function binaries({ folder }: Site): string {
  const own = `${HOME}/node_modules/.bin`;
  return folder === "." ? own : `${HOME}/${folder}/node_modules/.bin:${own}`;
}
