import type { Instruction } from "../../../../formats/dockerfile/print.ts";
import { joinPath } from "../../../../formats/tree.ts";
import { looseRun, run } from "../parts.ts";
import { copyFiles, present, type Site } from "../recipe.ts";

const MANIFESTS = [
  ...["pyproject.toml", "uv.lock", "poetry.lock", "poetry.toml", "pdm.lock", "Pipfile", "Pipfile.lock"],
  ...["requirements.txt", "constraints.txt", ".python-version"],
];

interface Steps {
  /** What installs, as pip names it; null where pip itself does. */
  tool: string | null;
  /** Before the sources are there; null where there is nothing to install. */
  install: Instruction | null;
  /** After the sources are there: the project itself. */
  project: Instruction | null;
}

/** How the packages of a service are installed: exactly what the lockfile says where there is one. */
export function stepsOf(site: Site): Steps {
  const make = MANAGERS[site.service.packageManager ?? ""];
  if (make) return make(site);
  const [file] = requirementsOf(site);
  if (file !== undefined) return { tool: null, install: run(`pip install --no-cache-dir -r ${file}`), project: null };
  const [project] = present(site, [site.inService("pyproject.toml"), site.inService("setup.py")]);
  if (project === undefined) return { tool: null, install: null, project: null };
  const why = "stationmaster-ignore SM10: the project names its packages itself and has no lock file";
  return {
    tool: null,
    install: null,
    project: run(`pip install --no-cache-dir ./${site.folder === "." ? "" : site.folder}`, why),
  };
}

const MANAGERS: Record<string, (site: Site) => Steps> = {
  uv(site) {
    const locked = site.has("uv.lock");
    const scope = site.folder === "." ? "" : ` --package ${projectName(site)}`;
    const sync = `uv sync${locked ? " --locked" : ""} --no-dev --no-cache${scope}`;
    const first = `${sync} ${site.folder === "." ? "--no-install-project" : "--no-install-workspace"}`;
    const step = (command: string) => (locked ? run(command) : looseRun(command, "uv.lock"));
    return { tool: pinned(site, "uv"), install: step(first), project: step(sync) };
  },
  poetry(site) {
    const install = "poetry install --only main --no-interaction --no-cache";
    const whole = isPackage(site) ? run(install) : null;
    const step = site.has("poetry.lock")
      ? run(`${install} --no-root`)
      : looseRun(`${install} --no-root`, "poetry.lock");
    return { tool: pinned(site, "poetry"), install: step, project: whole };
  },
  pdm(site) {
    const step = site.has("pdm.lock")
      ? run("pdm sync --prod --no-self --no-editable")
      : looseRun("pdm install --prod --no-self", "pdm.lock");
    return { tool: pinned(site, "pdm"), install: step, project: null };
  },
  pipenv(site) {
    const locked = site.has(site.inService("Pipfile.lock"));
    const step = locked ? run("pipenv sync") : looseRun("pipenv install --skip-lock", "Pipfile.lock");
    return { tool: pinned(site, "pipenv"), install: step, project: null };
  },
};

function pinned({ plan }: Site, tool: string): string {
  const version = plan.pins.tools[tool]?.version;
  return version === undefined ? tool : `${tool}==${version}`;
}

function projectName(site: Site): string {
  const manifest = site.text(site.inService("pyproject.toml")) ?? "";
  return /^\s*name\s*=\s*["']([\w.-]+)["']/m.exec(manifest)?.[1] ?? site.service.name;
}

/** Code below src/ is found only once the project is installed. */
function isPackage(site: Site): boolean {
  return site.paths().some((path) => path.startsWith(`${site.inService("src")}/`) && path.endsWith("/__init__.py"));
}

/** COPY lines of what an installer reads. */
export function manifestsOf(site: Site): Instruction[] {
  const here = present(site, [...MANIFESTS, ...MANIFESTS.map((file) => site.inService(file))]);
  const members = site.folder === "." ? [] : site.paths().filter((path) => path.endsWith("/pyproject.toml"));
  return copyFiles([...new Set([...here, ...members, ...requirementFiles(site)])]);
}

/** requirements/base.txt and others that requirements.txt names. */
function requirementFiles(site: Site): string[] {
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file) || !site.has(file)) return;
    found.add(file);
    for (const [, name = ""] of (site.text(file) ?? "").matchAll(
      /^\s*(?:-r|-c|--requirement|--constraint)[ =]?(\S+)/gm,
    ))
      visit(joinPath(file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : ".", name) ?? name);
  };
  for (const file of requirementsOf(site).slice(0, 1)) visit(file);
  return [...found];
}

function requirementsOf(site: Site): string[] {
  const named = /-r\s+(\S+)/.exec(site.service.install ?? "")?.[1];
  const names = ["requirements.txt", "requirements/production.txt", "requirements/prod.txt", "requirements/base.txt"];
  return present(
    site,
    [...(named ? [named] : []), ...names].map((name) => site.inService(name)),
  );
}
