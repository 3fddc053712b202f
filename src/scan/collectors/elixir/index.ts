import { recordAt, stringAt } from "../../../formats/document.ts";
import { extensionOf, folderOf, joinPath } from "../../../formats/tree.ts";
import type { Collector } from "../../collector.ts";
import { dependenciesOf } from "../../dependencies.ts";
import type { Evidence } from "../../fact.ts";
import { nearestFile } from "../../nearby.ts";
import { claimRuntime, toolVersions, type VersionSeen } from "../../runtime-pins.ts";
import { searchCode } from "../../search.ts";
import { bindOf, portOf } from "./listening.ts";
import { applications, askedAt, type MixProject, projectOf } from "./project.ts";

const PHOENIX_PORT = 4000;
const VERSION = /^\d+(?:\.\d+)*/;

/** Elixir: Mix projects, umbrellas, Phoenix, and releases of them. */
export const elixirCollector: Collector = {
  id: "elixir",
  reads: ["mix.exs", "mix.lock", ".tool-versions", "elixir_buildpack.config", "config/runtime.exs"],
  collect(view) {
    const project = view.unit.program === null ? projectOf(view) : undefined;
    if (!project) return;
    const { file, app } = project;
    const at = view.seen(file, 1, "mix");
    view.claim("language", "Elixir", { source: "project", at });
    if (app !== undefined)
      view.claim("name", app, { source: "project", at: view.seen(file, project.find(/\bapp:\s*:/g)?.place, "app") });
    claimPackages(project);
    claimWorkspace(project);
    const web = claimFramework(project);
    claimRelease(project, web);
    const [test] = view.files.filter((path) => path.endsWith("_test.exs"));
    if (test !== undefined || project.apps !== undefined)
      view.claim("test", "mix test", {
        source: "convention",
        confidence: 0.8,
        at: view.seen(test ?? file, 1, "tests"),
      });
  },
};

function claimPackages(project: MixProject): void {
  const { view, file, path } = project;
  const versions = versionsOf(project);
  if (versions.length > 0) claimRuntime(view, "elixir", versions);
  else
    view.claim("runtime", { name: "elixir", version: null }, { source: "convention", at: view.seen(file, 1, "mix") });
  const lock = path("mix.lock");
  const at = [view.seen(file, 1, "mix"), ...(lock === undefined ? [] : [view.seen(lock, 1, "lock")])];
  view.claim("packageManager", "mix", { source: "project", at });
  view.claim("install", "mix deps.get --only prod", { source: "convention", confidence: 0.8, at });
}

function versionsOf({ view, file, find }: MixProject): VersionSeen[] {
  const buildpack = nearestFile(view.snapshot, view.unit.path, "elixir_buildpack.config");
  const pinned = /^elixir_version=v?\(?\s*"?(\d[\w.-]*)/m.exec(
    (buildpack === undefined ? undefined : view.snapshot.text(buildpack)) ?? "",
  );
  const line = pinned?.input.slice(0, pinned.index).split("\n").length ?? 1;
  const required = find(/\belixir:\s*"([^"]+)"/g);
  return [
    ...toolVersions(view, ["elixir"]),
    ...(pinned
      ? [{ version: pinned[1] as string, exact: true, at: view.seen(buildpack as string, line, "buildpack") }]
      : []),
    ...(required
      ? [
          {
            version: required.match[1] as string,
            exact: VERSION.exec(required.match[1] as string)?.[0] === required.match[1],
            at: view.seen(file, required.place, "elixir"),
          },
        ]
      : []),
  ];
}

/** The umbrella that a unit is in, and the projects of the repository that it needs. */
function claimWorkspace({ view, file, umbrella, apps, find }: MixProject): void {
  if (umbrella !== undefined) {
    const root = joinPath(umbrella, "mix.exs") as string;
    view.claim("workspace", umbrella, { source: "project", at: view.seen(root, 1, "umbrella") });
  } else if (apps !== undefined)
    view.claim("workspace", view.unit.path, {
      source: "project",
      at: view.seen(file, find(/\bapps_path:/g)?.place, "umbrella"),
    });
  for (const { ecosystem, path, place, file: at } of dependenciesOf(view.snapshot, view.unit.path))
    if (ecosystem === "hex" && path !== null && view.units.some((unit) => unit.path === path))
      view.claimEach("internal", path, { path }, { source: "project", at: view.seen(at, place(), "path") });
}

/** Phoenix before Plug; what serves is told by the package and the code. */
function claimFramework(project: MixProject): Evidence[] | undefined {
  const { view, apps } = project;
  const isPart = project.umbrella !== undefined;
  const phoenix = project.needs("phoenix");
  const plug = project.needs("plug_cowboy", "bandit", "plug");
  // An umbrella has its code in the applications.
  const files =
    apps === undefined
      ? view.sources
      : view.snapshot.paths.filter(
          (path) => path.startsWith(`${joinPath(view.unit.path, apps)}/`) && !/\/(?:test|deps)\//.test(path),
        );
  const used = (pattern: RegExp) =>
    searchCode(view, pattern, { extensions: ["ex", "exs"], files, of: "bare" })
      .map(({ file, place }) => view.seen(file, place, "use"))
      .slice(0, 1);
  const endpoint = phoenix ? used(/\buse\s+Phoenix\.Endpoint\b/g) : [];
  if (phoenix && (endpoint.length > 0 || files.every((path) => extensionOf(path) !== "ex"))) {
    const at = [askedAt(project, phoenix), ...endpoint];
    view.claim("framework", "phoenix", { source: "project", confidence: endpoint.length > 0 ? 1 : 0.7, at });
    const pages = project.needs("phoenix_live_view", "phoenix_html", "phoenix_view");
    if (!isPart) view.claim("kind", pages ? "web" : "api", { source: "convention", confidence: 0.8, at });
    return at;
  }
  const router = plug ? used(/\buse\s+Plug\.(?:Router|Builder)\b|\b(?:Bandit|Plug\.Cowboy)\b/g) : [];
  if (!plug || router.length === 0) return undefined;
  const at = [askedAt(project, plug), ...router];
  view.claim("framework", "plug", { source: "project", at });
  if (!isPart) view.claim("kind", "api", { source: "convention", confidence: 0.75, at });
  return at;
}

/** How a release is built and started; an application of an umbrella is a part of the umbrella's. */
function claimRelease(project: MixProject, web: Evidence[] | undefined): void {
  const { view, file, umbrella, apps, find, release } = project;
  const module = find(/\bmod:\s*\{/g);
  const script = find(/\bescript:\s*(?:\[|\w)/g);
  const isPublished = find(/\bpackage:\s*(?:\[|package\b)/g) !== undefined && release === undefined;
  const at = view.seen(file, (find(/\breleases:/g) ?? find(/\bapp:\s*:/g))?.place, "release");
  if (umbrella !== undefined) {
    view.claim("kind", "library", { source: "convention", confidence: 0.8, at: view.seen(file, 1, "umbrella") });
    return;
  }
  if (!web && script)
    return void view.claim("kind", "cli", {
      source: "project",
      confidence: 0.8,
      at: view.seen(file, script.place, "escript"),
    });
  // Firmware runs on devices.
  const isFirmware = project.needs("nerves") !== undefined;
  if (isPublished || isFirmware || (!web && !module && apps === undefined)) {
    view.claim("kind", "library", { source: "convention", confidence: 0.7, at: view.seen(file, 1, "mix") });
    return;
  }
  if (!web)
    view.claim("kind", "worker", {
      source: "convention",
      confidence: 0.6,
      at: view.seen(file, module?.place ?? 1, "application"),
    });
  const name = release ?? project.app ?? webApplication(project);
  if (name === undefined) return;
  if (apps !== undefined && release === undefined) {
    // An umbrella makes releases of what it lists only.
    view.claim("start", "mix phx.server", { source: "convention", confidence: 0.55, at });
  } else {
    view.claim("start", `bin/${name} start`, { source: "convention", confidence: 0.8, at });
    view.claim("build", buildOf(project), { source: "convention", confidence: 0.8, at });
  }
  if (!web) return;
  const port = portOf(project);
  if (port) view.claim("port", port.value, { source: "code", at: port.at });
  else view.claim("port", PHOENIX_PORT, { source: "convention", confidence: 0.7, at: web });
  const bind = bindOf(project);
  if (bind) view.claim("bind", bind.value, { source: "code", at: bind.at });
}

function webApplication({ view, apps }: MixProject): string | undefined {
  const folders = apps === undefined ? [] : applications(view.snapshot, joinPath(view.unit.path, apps) as string);
  return folders
    .find((folder) => dependenciesOf(view.snapshot, folder).some(({ name }) => name === "phoenix"))
    ?.replace(/^.*\//, "");
}

/** Assets by the alias of Phoenix, or by the package.json of older versions; then the release. */
function buildOf({ view, find, path }: MixProject): string {
  if (find(/["']?assets\.deploy["']?\s*:/g)) return "mix assets.deploy && mix release";
  const manifest = path("assets/package.json");
  const scripts = manifest === undefined ? {} : recordAt(view.snapshot.json(manifest).value, ["scripts"]);
  const script = ["deploy", "build"].find((name) => stringAt(scripts, [name]) !== undefined);
  if (script === undefined || manifest === undefined) return "mix release";
  const lock = view.snapshot.has(joinPath(folderOf(manifest), "package-lock.json") as string) ? "ci" : "install";
  return `npm --prefix assets ${lock} && npm --prefix assets run ${script} && mix phx.digest && mix release`;
}
