import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { assetBuild } from "../../asset-build.ts";
import type { Collector } from "../../collector.ts";
import type { Evidence } from "../../fact.ts";
import { nearestFile } from "../../nearby.ts";
import { claimRuntime, toolVersions, type VersionSeen } from "../../runtime-pins.ts";
import { searchCode } from "../../search.ts";
import { extensionHeader, type FrameworkUse, findFramework, isPackage } from "./framework.ts";
import { findProcesses } from "./processes.ts";
import { askedAt, entries, type PhpProject, projectOf } from "./project.ts";
import { composerScript, serve } from "./serving.ts";

/** PHP: composer, the frameworks, and the folder that is published. */
export const phpCollector: Collector = {
  id: "php",
  reads: ["composer.json", "composer.lock", ".php-version", "artisan", "index.php", "*.php"],
  collect(view) {
    const project = view.unit.program === null ? projectOf(view) : undefined;
    if (!project) return;
    const part = extensionHeader(project);
    const found = part ? undefined : findFramework(project);
    const serving = part
      ? undefined
      : found || !project.isMixed || project.manifest
        ? serve(project, found)
        : undefined;
    const isLeading = found !== undefined || !project.isMixed;
    claimLanguage(project, isLeading, found?.at ?? serving?.at ?? []);
    if (!isLeading) return;
    claimPackages(project);
    if (part) view.claim("kind", "library", { source: "project", confidence: 0.9, at: part });
    else claimKind(project, found, serving?.at);
    if (found) view.claim("framework", found.id, { source: "project", confidence: found.confidence, at: found.at });
    if (serving) {
      const { command, confidence, at, port } = serving;
      view.claim("start", command, { source: "convention", confidence, at });
      view.claim("port", port.value, {
        source: port.source,
        at: port.at,
        ...(port.source === "code" ? {} : { confidence: 0.7 }),
      });
      view.claim("bind", "0.0.0.0", { source: "convention", at });
    }
    claimBuild(project, found);
    claimTest(project, found);
    for (const { name, command, confidence, at } of findProcesses(project, found))
      view.claimEach("process", name, { name, command }, { source: "convention", confidence, at });
  },
};

function claimLanguage({ view, manifest }: PhpProject, isLeading: boolean, use: readonly Evidence[]): void {
  const [code] = entries(view);
  const first = manifest?.file ?? code;
  const hasCode = code !== undefined || use.length > 0;
  if (first === undefined || (!isLeading && !hasCode)) return;
  const at = [view.seen(first, 1, "manifest"), ...use];
  const isCertain = isLeading && hasCode && manifest !== undefined;
  view.claim(
    "language",
    "PHP",
    isCertain ? { source: "project", at } : { source: "convention", confidence: isLeading && hasCode ? 0.8 : 0.4, at },
  );
}

function claimPackages(project: PhpProject): void {
  const { view, manifest } = project;
  const versions = versionsOf(project);
  if (versions.length > 0) claimRuntime(view, "php", versions);
  else {
    const first = manifest?.file ?? entries(view)[0];
    if (first !== undefined)
      view.claim(
        "runtime",
        { name: "php", version: null },
        { source: "convention", at: view.seen(first, 1, "manifest") },
      );
  }
  if (!manifest) return;
  const lock = project.file("composer.lock");
  const at = [view.seen(manifest.file, 1, "manifest"), ...(lock === undefined ? [] : [view.seen(lock, 1, "lock")])];
  view.claim("packageManager", "composer", { source: "project", at });
  const name = stringAt(manifest.document.value, ["name"]);
  view.claim("install", "composer install --no-dev --no-interaction --optimize-autoloader", {
    source: "convention",
    confidence: 0.8,
    at,
  });
  if (
    name !== undefined &&
    !/^(?:laravel\/laravel|symfony\/\w+|slim\/slim-skeleton|cakephp\/app|codeigniter4\/appstarter)$/.test(name)
  )
    view.claim("name", name.replace(/^.*\//, ""), {
      source: "project",
      at: view.seenAt(manifest.file, manifest.document, ["name"], "name"),
    });
  for (const extension of Object.keys(recordAt(manifest.document.value, ["require"])).filter((key) =>
    /^ext-\w/.test(key),
  ))
    view.claimEach(
      "native",
      extension,
      { package: extension },
      {
        source: "project",
        at: view.seenAt(manifest.file, manifest.document, ["require", extension], "extension"),
      },
    );
}

function versionsOf({ view, manifest }: PhpProject): VersionSeen[] {
  const { snapshot } = view;
  const pin = nearestFile(snapshot, view.unit.path, ".php-version");
  const pinned = /^\s*(\d[\w.]*)/.exec((pin === undefined ? undefined : snapshot.text(pin)) ?? "")?.[1];
  const declared = (
    [
      ["config", "platform", "php"],
      ["require", "php"],
      ["require", "php-64bit"],
    ] as const
  ).flatMap((path): VersionSeen[] => {
    const version = stringAt(manifest?.document.value, path);
    if (!manifest || version === undefined || !/\d/.test(version)) return [];
    return [
      { version, exact: path[0] === "config", at: view.seenAt(manifest.file, manifest.document, path, "php-version") },
    ];
  });
  return [
    ...(pinned === undefined
      ? []
      : [{ version: pinned, exact: true, at: view.seen(pin as string, 1, "version-file") }]),
    ...toolVersions(view, ["php"]),
    ...declared,
  ];
}

function claimKind(project: PhpProject, use: FrameworkUse | undefined, served: readonly Evidence[] | undefined): void {
  const { view, manifest } = project;
  if (use || served) {
    view.claim("kind", "web", { source: "convention", confidence: 0.85, at: [...(use?.at ?? served ?? [])] });
    return;
  }
  if (!manifest) return;
  const { file, document } = manifest;
  const isCommand = listAt(document.value, ["bin"]).length > 0 || stringAt(document.value, ["bin"]) !== undefined;
  if (isCommand)
    view.claim("kind", "cli", { source: "project", confidence: 0.8, at: view.seenAt(file, document, ["bin"], "bin") });
  else if (isPackage(project))
    view.claim("kind", "library", { source: "convention", confidence: 0.7, at: view.seen(file, 1, "package") });
  else claimLoop(project);
}

/** A program of the command line that stays: a bot, a consumer. */
function claimLoop({ view }: PhpProject): void {
  const files = entries(view).filter((path) =>
    /(?:^|[/_-])(?:bot|worker|server|main|index|run|app|start)\.php$|(?:^|\/)bin\/[\w-]+\.php$/.test(path),
  );
  const [hit] = searchCode(view, /\bwhile\s*\(\s*(?:true|1)\s*\)|->\s*run\(\)|Worker::runAll\(/g, {
    files,
    of: "bare",
  });
  if (!hit) return;
  const at = view.seen(hit.file, hit.place, "loop");
  const inside = view.unit.path === "." ? hit.file : hit.file.slice(view.unit.path.length + 1);
  view.claim("kind", "worker", { source: "code", confidence: 0.6, at });
  view.claim("start", `php ${inside}`, { source: "convention", confidence: 0.6, at });
}

/** Scripts and styles of pages: a bundler, or the asset mapper of Symfony. */
function claimBuild(project: PhpProject, use: FrameworkUse | undefined): void {
  if (!use) return;
  const { view } = project;
  const assets = assetBuild(view, ["build", "prod", "production"]);
  const mapper =
    use.id === "symfony" && project.file("importmap.php") !== undefined
      ? project.needs("symfony/asset-mapper")
      : undefined;
  if (assets) view.claim("build", assets.command, { source: "project", at: [assets.at, ...use.at] });
  else if (mapper)
    view.claim("build", "php bin/console asset-map:compile", {
      source: "convention",
      confidence: 0.8,
      at: askedAt(project, mapper),
    });
}

function claimTest(project: PhpProject, use: FrameworkUse | undefined): void {
  const { view, manifest } = project;
  const pest = project.mentions("pestphp/pest");
  const phpunit = project.mentions("phpunit/phpunit", "symfony/test-pack", "symfony/phpunit-bridge");
  const settings = ["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"]
    .map((name) => project.file(name))
    .find((path) => path !== undefined);
  const declared = pest ?? phpunit;
  const at = declared
    ? askedAt(project, declared)
    : settings === undefined
      ? undefined
      : view.seen(settings, 1, "phpunit");
  const command =
    use?.id === "laravel" && project.file("artisan") !== undefined
      ? "php artisan test"
      : pest
        ? "vendor/bin/pest"
        : project.file("bin/phpunit") !== undefined
          ? "php bin/phpunit"
          : "vendor/bin/phpunit";
  if (at) view.claim("test", command, { source: "project", confidence: 0.95, at });
  else if (manifest && composerScript(project, "test"))
    view.claim("test", "composer test", {
      source: "project",
      at: view.seenAt(manifest.file, manifest.document, ["scripts", "test"], "script"),
    });
}
