import type { Instruction, Stage } from "../../../../formats/dockerfile/print.ts";
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
import type { Site } from "../recipe.ts";
import { assetStage, splitBuild } from "./assets.ts";
import { manifestsOf, stepsOf } from "./python-packages.ts";
import { pageServer } from "./static.ts";

const ENVIRONMENT = "/opt/venv";
/** Python: everything it needs in a virtual environment that the last stage takes over. */
export function pythonRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const image = site.image("python", service.runtime.version);
  if (image === undefined) return undefined;
  const { assets, own } = splitBuild(service.build);
  const script = assets.length > 0 ? assetStage(site, assets) : undefined;
  const home = site.folder === "." ? HOME : `${HOME}/${site.folder}`;
  const build: Stage = {
    image,
    name: "build",
    instructions: [
      ...prepared(site),
      copy(script ? `--from=assets ${HOME} ./` : ". ."),
      ...projectInstall(site),
      ...buildArguments(service),
      ...(own === null ? [] : [...(home === HOME ? [] : [workdir(home)]), run(withoutSecrets(own, site))]),
    ],
  };
  const before = script ? [script, build] : [build];
  if (service.role === "static") {
    const server = pageServer(site, `${HOME}/${site.inService(service.output ?? "site")}`);
    return server && [...before, server];
  }
  if (service.start === null) return undefined;
  return [
    ...before,
    {
      image,
      instructions: [
        env(`PATH=${ENVIRONMENT}/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1`),
        workdir(home),
        ...aptInstall(running(service.native)),
        copy(`--from=build ${ENVIRONMENT} ${ENVIRONMENT}`),
        copy(`--from=build ${HOME} ${HOME}`),
        ...writableFolders(service),
        ...listens(service),
        ...startsAs(service.start),
      ],
    },
  ];
}

/** Installers belong to the image, not to the environment: some take out of it whatever the lockfile does not name. */
function prepared(site: Site): Instruction[] {
  const { tool, install } = stepsOf(site);
  const headers = compiling(site.service.native);
  return [
    workdir(HOME),
    ...aptInstall(headers.length > 0 ? ["build-essential", ...headers] : []),
    run(
      [...(tool === null ? [] : [`pip install --no-cache-dir ${tool}`]), `python -m venv ${ENVIRONMENT}`].join("\n&& "),
    ),
    env(
      `PATH=${ENVIRONMENT}/bin:$PATH VIRTUAL_ENV=${ENVIRONMENT}${tool?.startsWith("uv") ? ` UV_PROJECT_ENVIRONMENT=${ENVIRONMENT} UV_PYTHON_DOWNLOADS=never` : ""}`,
    ),
    ...(install ? [...manifestsOf(site), install] : []),
  ];
}

function projectInstall(site: Site): Instruction[] {
  const { project } = stepsOf(site);
  return project ? [project] : [];
}

/** Settings are read while static files are collected: what they insist on gets a value that means nothing. */
function withoutSecrets(command: string, { service, plan }: Site): string {
  if (!command.includes("manage.py")) return command;
  const values = service.env
    .filter(({ required, class: kind }) => required && kind !== "provided")
    .map(({ name, store, default: sample }) => {
      const kind = plan.stores.find((item) => item.name === store)?.kind;
      if (sample !== null && /^[\w./:@-]+$/.test(sample)) return `${name}=${sample}`;
      return `${name}=${kind === undefined ? "1" : kind === "redis" ? "redis://127.0.0.1" : "sqlite://:memory:"}`;
    });
  return values.length === 0 ? command : `${values.join(" ")} ${command}`;
}
