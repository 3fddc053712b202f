import { isRecord, recordAt, stringAt } from "../../../formats/document.ts";
import { baseOf, folderOf, joinPath } from "../../../formats/tree.ts";
import { type Evidence, LOCKFILE } from "../../fact.ts";
import { nearestFile } from "../../nearby.ts";
import { relative } from "./imports.ts";
import type { PythonProject } from "./project.ts";

interface Seen {
  id: string;
  at: Evidence;
  confidence: number;
}

const LOCKS: readonly [file: string, id: string][] = [
  ["uv.lock", "uv"],
  ["poetry.lock", "poetry"],
  ["pdm.lock", "pdm"],
  ["Pipfile.lock", "pipenv"],
];
const REQUIREMENTS = [
  "requirements.txt",
  ...["production", "prod", "deploy", "base", "main", "common", "requirements", "app"].map(
    (name) => `requirements/${name}.txt`,
  ),
  ...[
    "requirements-prod.txt",
    "requirements.prod.txt",
    "requirements_prod.txt",
    "requirements-production.txt",
    "requirements-base.txt",
  ],
];

/** Claims what installs the packages of a project, and the command that does it in production. */
export function claimPackageManager(project: PythonProject): void {
  const { view, manifests } = project;
  const seen = [...locks(project), ...tables(project)];
  const declared = seen.length > 0 ? seen : plain(project);
  for (const { id, at, confidence } of declared)
    view.claim("packageManager", id, { source: "project", confidence, at });
  const [first] = declared.toSorted((a, b) => b.confidence - a.confidence);
  if (!first) {
    const [manifest] = manifests;
    if (manifest === undefined) return;
    view.claim("packageManager", "pip", { source: "convention", at: view.seen(manifest, 1, "manifest") });
    return;
  }
  view.claim("install", installOf(project, first.id), { source: "convention", confidence: 0.8, at: first.at });
}

/** A lock beside the manifests, or the one of the workspace above. */
function locks({ view, folder }: PythonProject): Seen[] {
  return LOCKS.flatMap(([name, id]): Seen[] => {
    const own = joinPath(folder, name) as string;
    const file = view.snapshot.has(own) ? own : id === "uv" ? workspaceLock() : undefined;
    return file === undefined ? [] : [{ id, at: view.seen(file, 1, "lock"), confidence: LOCKFILE }];
  });

  function workspaceLock(): string | undefined {
    const above = nearestFile(view.snapshot, folder, "uv.lock");
    const root = above === undefined ? undefined : (joinPath(folderOf(above), "pyproject.toml") as string);
    return root !== undefined && isRecord(recordAt(view.snapshot.toml(root).value, ["tool", "uv"]).workspace)
      ? above
      : undefined;
  }
}

function tables({ view, folder }: PythonProject): Seen[] {
  const file = joinPath(folder, "pyproject.toml") as string;
  const document = view.snapshot.toml(file);
  const pipfile = joinPath(folder, "Pipfile") as string;
  const tools: readonly [path: readonly string[], id: string, confidence: number][] = [
    [["tool", "uv"], "uv", 0.9],
    [["tool", "poetry"], "poetry", 0.9],
    [["tool", "pdm"], "pdm", 0.9],
    [["tool", "hatch", "envs"], "hatch", 0.85],
  ];
  const hasLock = LOCKS.some(([name]) => view.snapshot.has(joinPath(folder, name) as string));
  const named = tools.flatMap(([path, id, confidence]): Seen[] => {
    const table = recordAt(document.value, path);
    // Version numbers and plugins of a tool are set where another one installs; a lock says which it is.
    const installs = Object.keys(table).some((key) => !["version", "build", "publish", "index"].includes(key));
    return installs && !(hasLock && id === "hatch")
      ? [{ id, at: view.seenAt(file, document, path, "tool"), confidence }]
      : [];
  });
  const backend = stringAt(document.value, ["build-system", "build-backend"]) ?? "";
  const built = [
    ["poetry", "poetry"],
    ["pdm", "pdm"],
    ["uv_build", "uv"],
  ].find(([start]) => backend.startsWith(start as string));
  const fromBackend =
    built && named.length === 0 && !hasLock
      ? [
          {
            id: built[1] as string,
            at: view.seenAt(file, document, ["build-system", "build-backend"], "backend"),
            confidence: 0.8,
          },
        ]
      : [];
  const piped = view.snapshot.has(pipfile)
    ? [{ id: "pipenv", at: view.seen(pipfile, 1, "pipfile"), confidence: 0.9 }]
    : [];
  return [
    ...(hasLock && named.length > 1 ? named.filter(({ id }) => id !== "hatch") : named),
    ...fromBackend,
    ...piped,
  ];
}

/** pip and conda, where no other tool is used. */
function plain(project: PythonProject): Seen[] {
  const { view, folder, manifests } = project;
  const conda = manifests.find((path) => /(?:^|\/)environment\.ya?ml$/.test(path));
  const file =
    requirementsFile(project) ??
    manifests.find((path) => /(?:\.txt|\.in|\.pip|setup\.py|setup\.cfg|pyproject\.toml)$/.test(path));
  return [
    ...(file === undefined
      ? []
      : [{ id: "pip", at: view.seen(file, 1, "requirements"), confidence: folder === view.unit.path ? 1 : 0.8 }]),
    ...(conda === undefined
      ? []
      : [{ id: "conda", at: view.seen(conda, 1, "conda"), confidence: file === undefined ? 1 : 0.6 }]),
  ].slice(0, file !== undefined && conda !== undefined ? 1 : 2);
}

/** The requirement file that production installs. */
function requirementsFile({ view, folder, manifests }: PythonProject): string | undefined {
  const usual = REQUIREMENTS.map((name) => joinPath(folder, name) as string).find((path) => view.snapshot.has(path));
  if (usual !== undefined) return usual;
  const files = manifests.filter((path) => /\.(?:txt|pip)$/.test(path));
  return files.find((path) => !/dev|test|doc|lint|local|ci/i.test(baseOf(path))) ?? files[0];
}

/** The command as it is typed in the unit's folder; the tools look for their files in the folders above, pip does not. */
function installOf(project: PythonProject, id: string): string {
  const { view, folder } = project;
  const has = (name: string) => view.snapshot.has(joinPath(folder, name) as string);
  const requirements = requirementsFile(project);
  const up = folder === view.unit.path ? "" : "../".repeat(relative(view.unit.path, folder).split("/").length);
  const fromFile = requirements === undefined ? undefined : `-r ${up}${relative(requirements, folder)}`;
  const isLocked = locks(project).some((lock) => lock.id === id);
  const isDeclared =
    has("pyproject.toml") && view.snapshot.text(joinPath(folder, "pyproject.toml") as string)?.includes("[project]");
  switch (id) {
    case "uv":
      if (isLocked) return "uv sync --locked";
      return fromFile !== undefined && !isDeclared ? `uv pip install ${fromFile}` : "uv sync";
    case "poetry":
      return "poetry install --only main";
    case "pdm":
      return isLocked ? "pdm sync --prod" : "pdm install --prod";
    case "pipenv":
      return isLocked ? "pipenv sync" : "pipenv install";
    case "conda":
      return `conda env create -f ${up}${has("environment.yml") ? "environment.yml" : "environment.yaml"}`;
    case "hatch":
      return "hatch env create";
    default:
      return `pip install ${fromFile ?? (up || ".")}`;
  }
}
