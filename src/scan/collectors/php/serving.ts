import { recordAt, stringAt } from "../../../formats/document.ts";
import { baseOf, folderOf } from "../../../formats/tree.ts";
import { hitsIn } from "../../search.ts";
import { type FrameworkUse, isPackage } from "./framework.ts";
import { ownServer, type Serving } from "./own-server.ts";
import { askedAt, entries, type PhpProject } from "./project.ts";

const PORT = 8080;
const OCTANE_PORT = 8000;
const EVERYWHERE = "0.0.0.0";
const ROOTS = ["public", "web", "webroot", "htdocs", "public_html", "www", "html", "httpdocs", "pub", "docroot"];
/** Parts of the path of a front controller in a folder that nobody names. */
const DEEPEST = 3;
const SERVERS = ["frankenphp", "swoole", "roadrunner"];

/** How a PHP application is served: by its own server, by Octane, else by FrankenPHP from the folder with the front controller. */
export function serve(project: PhpProject, use: FrameworkUse | undefined): Serving | undefined {
  if (use?.own) {
    const { command, port } = use.own;
    const seen = ownPort(project, use) ?? { value: port, source: "convention" as const, at: use.at };
    return { command, confidence: 0.8, at: use.at, port: seen };
  }
  const octane = use?.id === "laravel" ? project.needs("laravel/octane") : undefined;
  if (octane) {
    const at = [askedAt(project, octane)];
    const command = `php artisan octane:start --server=${octaneServer(project)} --host=${EVERYWHERE} --port=\${PORT:-${OCTANE_PORT}}`;
    return { command, confidence: 0.8, at, port: { value: OCTANE_PORT, source: "convention", at } };
  }
  const roadRunner = project.file(".rr.yaml");
  if (roadRunner !== undefined) {
    const document = project.view.snapshot.yaml(roadRunner);
    const value = Number(/:(\d+)$/.exec(stringAt(document.value, ["http", "address"]) ?? "")?.[1]);
    const at = [project.view.seenAt(roadRunner, document, ["http", "address"], "roadrunner")];
    const port =
      value > 0 ? { value, source: "code" as const, at } : { value: PORT, source: "convention" as const, at };
    return { command: "rr serve -c .rr.yaml", confidence: 0.75, at, port };
  }
  const front = frontController(project, use?.roots ?? []) ?? installedController(project, use);
  if (!front) return ownServer(project);
  const at = [project.view.seen(front.file, 1, "front-controller")];
  return {
    command: `frankenphp php-server --root ${front.root} --listen :\${PORT:-${PORT}}`,
    confidence: use ? 0.75 : 0.65,
    at,
    port: { value: PORT, source: "convention", at },
  };
}

/** The folder that is published: the one with `index.php`, as the framework has it; else the one nearest to the root. */
function frontController(project: PhpProject, roots: readonly string[]): { root: string; file: string } | undefined {
  const { view } = project;
  const named = stringAt(project.manifest?.document.value, ["extra", "public-dir"])?.replace(/\/+$/, "");
  for (const root of new Set([...(named === undefined ? [] : [named]), ...roots, ...ROOTS, "."])) {
    // Before version 4 Symfony called it app.php.
    const found = ["index.php", "app.php"].map((base) => project.file(root === "." ? base : `${root}/${base}`));
    const file = found[0] ?? (root === "." ? undefined : found[1]);
    if (file !== undefined) return { root, file };
  }
  const inside = (path: string) => (view.unit.path === "." ? path : path.slice(view.unit.path.length + 1));
  const [file] = entries(view)
    .filter((path) => baseOf(path) === "index.php" && inside(path).split("/").length <= DEEPEST)
    .toSorted((a, b) => a.split("/").length - b.split("/").length);
  return file === undefined || isLibrary(project, file) ? undefined : { root: folderOf(inside(file)), file };
}

/** A package that says so is a library; one that says nothing is none with a page of its own, beyond "silence is golden". */
function isLibrary(project: PhpProject, page: string): boolean {
  const told = stringAt(project.manifest?.document.value, ["type"]) !== undefined;
  return (
    isPackage(project) && (told || !/\w/.test(project.view.snapshot.code(page)?.code.replace(/^<\?php/, "") ?? ""))
  );
}

/** Drupal and others put the front controller there when they are installed. */
function installedController(
  { manifest }: PhpProject,
  use: FrameworkUse | undefined,
): { root: string; file: string } | undefined {
  if (!use || !manifest) return undefined;
  const scaffold = stringAt(manifest.document.value, ["extra", "drupal-scaffold", "locations", "web-root"]);
  const root = scaffold?.replace(/^\.\/|\/+$/g, "") ?? use.roots[0];
  return root === undefined ? undefined : { root: root === "" ? "." : root, file: manifest.file };
}

function octaneServer(project: PhpProject): string {
  const file = project.file("config/octane.php");
  const code = file === undefined ? "" : (project.view.snapshot.code(file)?.code ?? "");
  const named = /["']server["']\s*=>\s*(?:env\(\s*["']OCTANE_SERVER["']\s*,\s*)?["'](\w+)["']/.exec(code)?.[1];
  const byPackage = project.needs("spiral/roadrunner-cli", "spiral/roadrunner-http", "spiral/roadrunner")
    ? "roadrunner"
    : "frankenphp";
  return SERVERS.find((server) => server === named) ?? byPackage;
}

/** `'port' => 9501` of Hyperf, `'listen' => 'http://0.0.0.0:8787'` of webman. */
function ownPort({ view, file }: PhpProject, { id }: FrameworkUse): Serving["port"] | undefined {
  const path =
    id === "hyperf" ? file("config/autoload/server.php") : (file("config/server.php") ?? file("config/process.php"));
  if (path === undefined) return undefined;
  const code = view.snapshot.code(path)?.code ?? "";
  const [hit] = hitsIn(
    code,
    /["']port["']\s*=>\s*[^,\n]*?(\d{2,5})|["']listen["']\s*=>\s*["']\w+:\/\/[\d.]+:(\d{2,5})["']/g,
    path,
  );
  return (
    hit && { value: Number(hit.match[1] ?? hit.match[2]), source: "code", at: [view.seen(path, hit.place, "port")] }
  );
}

/** Commands of composer.json. */
export function composerScript({ manifest }: PhpProject, name: string): boolean {
  return manifest !== undefined && recordAt(manifest.document.value, ["scripts"])[name] !== undefined;
}
