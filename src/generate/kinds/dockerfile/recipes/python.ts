import type { Instruction, Stage } from "../../../../formats/dockerfile/print.ts";
import { aptInstall, buildArguments, copy, env, HOME, listens, run, startsAs, workdir } from "../parts.ts";
import { copyFiles, present, type Site } from "../recipe.ts";

const ENVIRONMENT = "/opt/venv";
const MANIFESTS = [
  ...[
    "pyproject.toml",
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile",
    "Pipfile.lock",
    "requirements.txt",
    "constraints.txt",
  ],
  ...["setup.py", "setup.cfg", "README.md"],
];
/** Headers that are needed to compile a package, for the library that it runs with. */
const HEADERS: Record<string, readonly string[]> = {
  libpq5: ["libpq-dev"],
  libmariadb3: ["libmariadb-dev", "pkg-config"],
  libxml2: ["libxml2-dev", "libxslt1-dev"],
  libxmlsec1: ["libxmlsec1-dev", "pkg-config"],
};

interface Steps {
  setUp: string[];
  install: string;
  /** Where the project itself is installed after its files are there. */
  project?: string;
}

/** Python: everything it needs in a virtual environment that the last stage takes over. */
export function pythonRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const image = site.image("python", service.runtime.version);
  if (image === undefined) return undefined;
  const { setUp, install, project } = stepsOf(site);
  const headers = service.native.flatMap((library) => HEADERS[library] ?? []);
  return [
    {
      image,
      name: "build",
      instructions: [
        env(
          `PATH=${ENVIRONMENT}/bin:$PATH VIRTUAL_ENV=${ENVIRONMENT} UV_PROJECT_ENVIRONMENT=${ENVIRONMENT} PIP_DISABLE_PIP_VERSION_CHECK=1`,
        ),
        workdir(HOME),
        ...(headers.length > 0 ? aptInstall(["build-essential", ...headers]) : []),
        run([`python -m venv ${ENVIRONMENT}`, ...setUp].join("\n&& ")),
        ...manifests(site),
        run(install),
        copy(". ."),
        ...(project ? [run(project)] : []),
        ...buildArguments(service),
        ...(service.build ? [run(service.build)] : []),
      ],
    },
    {
      image,
      instructions: [
        env(`PATH=${ENVIRONMENT}/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1`),
        workdir(site.folder === "." ? HOME : `${HOME}/${site.folder}`),
        ...aptInstall(service.native),
        copy(`--from=build ${ENVIRONMENT} ${ENVIRONMENT}`),
        copy(`--from=build ${HOME} ${HOME}`),
        ...stateFolders(service.state),
        ...listens(service),
        ...startsAs(service.start ?? "python main.py"),
      ],
    },
  ];
}

/** Folders that the program writes to belong to its user. */
export function stateFolders(state: readonly string[]): Instruction[] {
  return state.length === 0 ? [] : [run(`mkdir -p ${state.join(" ")}\n&& chown -R 10001:10001 ${state.join(" ")}`)];
}

function manifests(site: Site): Instruction[] {
  const here = present(site, [
    ...MANIFESTS,
    ...(site.folder === "." ? [] : MANIFESTS.map((file) => `${site.folder}/${file}`)),
  ]);
  const more = requirementFiles(site).filter((file) => !here.includes(file));
  return copyFiles([...here, ...more]);
}

/** requirements/base.txt and others that requirements.txt names. */
function requirementFiles(site: Site): string[] {
  const [file] = requirementsOf(site);
  if (file === undefined) return [];
  const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : "";
  const named = [...(site.text(file) ?? "").matchAll(/^\s*(?:-r|-c|--requirement|--constraint)[ =]?(\S+)/gm)].map(
    ([, name]) => `${folder}${name}`,
  );
  return present(site, [file, ...named]);
}

function requirementsOf(site: Site): string[] {
  const named = /-r\s+(\S+)/.exec(site.service.install ?? "")?.[1];
  return present(site, [
    ...(named ? [site.inService(named)] : []),
    site.inService("requirements.txt"),
    site.inService("requirements/production.txt"),
    site.inService("requirements/prod.txt"),
    site.inService("requirements/base.txt"),
  ]);
}

function stepsOf(site: Site): Steps {
  const { packageManager } = site.service;
  const pinned = (tool: string) =>
    `pip install --no-cache-dir ${tool}==${site.plan.pins.tools[tool]?.version ?? "0"}`.replace("==0", "");
  if (packageManager === "uv") {
    const locked = site.has("uv.lock") ? "--locked" : "";
    const scope = site.folder === "." ? "" : ` --package ${site.service.name}`;
    const sync = `uv sync ${locked} --no-dev --no-cache${scope}`.replace(/ {2,}/g, " ");
    return {
      setUp: [pinned("uv")],
      install: site.folder === "." ? `${sync} --no-install-project` : `${sync} --no-install-workspace`,
      project: sync,
    };
  }
  if (packageManager === "poetry")
    return { setUp: [pinned("poetry")], install: "poetry install --only main --no-root --no-interaction --no-cache" };
  if (packageManager === "pdm") return { setUp: [pinned("pdm")], install: "pdm sync --prod --no-self --no-editable" };
  if (packageManager === "pipenv") return { setUp: [pinned("pipenv")], install: "pipenv sync" };
  const [file] = requirementsOf(site);
  if (file !== undefined) return { setUp: [], install: `pip install --no-cache-dir -r ${file}` };
  if (site.has("pyproject.toml") || site.has("setup.py"))
    return { setUp: [], install: "pip install --no-cache-dir --upgrade pip", project: "pip install --no-cache-dir ." };
  return { setUp: [], install: "pip --version" };
}
