import { stringAt } from "../../../formats/document.ts";
import { baseOf, extensionOf, folderOf } from "../../../formats/tree.ts";
import type { Collector, View } from "../../collector.ts";
import type { Evidence } from "../../fact.ts";
import { nearestFile } from "../../nearby.ts";
import { isTool, isWorker } from "../compiled/program-names.ts";
import { relativePath } from "../compiled/relative-path.ts";
import { claimAddress } from "./listening.ts";
import { type DotnetProject, nameOf, projectFiles, readProject, referrers, refersTo, solutionOf } from "./project.ts";
import { type Role, roleOf, webKind } from "./role.ts";

const LANGUAGES: Record<string, string> = { csproj: "C#", fsproj: "F#", vbproj: "Visual Basic .NET" };
const ORDER: readonly Role[] = ["web", "wasm", "functions", "worker", "program", "library"];
/** What Visual Studio calls an application of the web in projects of the old form. */
const WEB_APPLICATION = /349c5851-65df-11da-9384-00065b846f21/i;
const COMMANDS =
  /^(?:system\.commandline|spectre\.console\.cli|commandlineparser|mcmaster\.extensions\.commandlineutils|cocona|consoleappframework)$/;
/** From it on the images listen on 8080 by themselves. */
const FIRST_WITH_8080 = 8;

/** Projects of .NET. */
export const dotnetCollector: Collector = {
  id: "dotnet",
  reads: ["*.csproj", "*.fsproj", "*.vbproj", "*.sln", "Directory.Build.props", "global.json", "appsettings.json"],
  collect(view) {
    const projects = projectFiles(view.snapshot, view.unit.path).map((file) => {
      const project = readProject(view.snapshot, file);
      return { project, ...roleOf(view, project) };
    });
    const [first] = projects.toSorted((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role));
    if (!first) return claimSolution(view);
    const { project, role, at } = first;
    const declared = { source: "project", at } as const;
    view.claim("name", nameOf(project.file), declared);
    view.claim("language", LANGUAGES[extensionOf(project.file)] ?? "C#", declared);
    view.claim("packageManager", "nuget", declared);
    const version = claimVersion(view, project);
    claimNeighbours(view, project);
    const target = project.property("TargetFramework")?.value ?? "";
    const isOld = /^[1-4]\.\d/.test(version ?? "") && !/^netcoreapp/i.test(target);
    const types = project.property("ProjectTypeGuids");
    if (isOld && types && WEB_APPLICATION.test(types.value))
      view.claim("kind", "web", { source: "project", at: view.seen(types.file, types.element, "web-application") });
    else if (role === "library") view.claim("kind", "library", { source: "project", confidence: 0.9, at });
    if (role === "functions") claimFunctions(view, at);
    else if (isOld) view.miss("start", "it needs the .NET Framework of Windows", at);
    else if (role !== "library") claimProgram(view, first, { version, single: projects.length === 1 });
  },
};

interface Found {
  project: DotnetProject;
  role: Role;
  at: Evidence;
}

function claimProgram(
  view: View,
  { project, role, at }: Found,
  { version, single }: { version: string | undefined; single: boolean },
): void {
  const { snapshot, unit } = view;
  const convention = { source: "convention", confidence: 0.8, at } as const;
  const alone = single && !snapshot.inFolder(unit.path).some((path) => /\.slnx?$/i.test(path));
  const what = alone ? "" : ` ${baseOf(project.file)}`;
  view.claim("install", `dotnet restore${what}`, convention);
  view.claim("build", `dotnet publish${what} -c Release -o out`, convention);
  claimTest(view, project);
  const sources = view.sources.filter((path) => ["cs", "fs", "vb"].includes(extensionOf(path)));
  if (role === "wasm") {
    view.claim("kind", "spa", { source: "project", at });
    view.claim("framework", "blazor", { source: "project", at });
    view.claim("output", "out/wwwroot", convention);
    return;
  }
  const commands = role === "program" ? refersTo(project, COMMANDS) : undefined;
  const tool = project.property("PackAsTool");
  const isByHand =
    role === "program" && unit.path !== "." && isTool(words(nameOf(project.file).split(".").at(-1) ?? ""));
  if (commands || isByHand || tool?.value.toLowerCase() === "true") {
    const seen = commands
      ? view.seen(commands.file, commands.place(), "command-line")
      : view.seen(project.file, tool?.element, "tool");
    view.claim("kind", "cli", { source: "project", confidence: 0.8, at: seen });
    return;
  }
  const name = project.property("AssemblyName")?.value ?? nameOf(project.file);
  const native = project.property("PublishAot")?.value.toLowerCase() === "true";
  view.claim("start", native ? `./${name}` : `dotnet ${name}.dll`, {
    ...convention,
    confidence: role === "program" ? 0.65 : 0.8,
  });
  if (role === "worker") view.claim("kind", "worker", { source: "project", confidence: 0.9, at });
  if (role === "program" && isWorker(words(nameOf(project.file))))
    view.claim("kind", "worker", { source: "convention", confidence: 0.65, at });
  if (role === "web") {
    const web = webKind(view, at);
    view.claim("framework", web.framework, { source: "project", at: [at, web.at] });
    view.claim("kind", web.kind, { source: "code", confidence: 0.8, at: web.at });
  }
  const listens = claimAddress(view, sources);
  if (listens || role !== "web") return;
  const has8080 = Number.parseInt(version ?? "0", 10) >= FIRST_WITH_8080;
  view.claim("port", 8080, has8080 ? { source: "convention", confidence: 0.75, at } : { source: "default", at });
}

/** `Shop.EmailWorker` as `Shop-Email-Worker`. */
function words(name: string): string {
  return name.replace(/([a-z])(?=[A-Z])/g, "$1-").replaceAll(".", "-");
}

/** Functions are started by their host alone. */
function claimFunctions(view: View, at: Evidence): void {
  view.claim("framework", "azure-functions", { source: "project", at });
  view.claim("kind", "api", { source: "project", confidence: 0.8, at });
  view.miss("start", "the host of Azure Functions starts it", at);
}

/** The version of the target framework; that of the SDK where the project names none. */
function claimVersion(view: View, project: DotnetProject): string | undefined {
  const target =
    project.property("TargetFramework") ??
    project.property("TargetFrameworks") ??
    project.property("TargetFrameworkVersion");
  const versions = (target?.value ?? "").split(";").flatMap((moniker) => versionOf(moniker.trim()) ?? []);
  const version = versions.toSorted((a, b) => Number.parseFloat(b) - Number.parseFloat(a))[0];
  if (target && version !== undefined) {
    view.claim(
      "runtime",
      { name: "dotnet", version },
      { source: "project", at: view.seen(target.file, target.element, "target") },
    );
    return version;
  }
  const file = nearestFile(view.snapshot, view.unit.path, "global.json");
  const document = file === undefined ? undefined : view.snapshot.json(file);
  const sdk = stringAt(document?.value, ["sdk", "version"]);
  const at =
    file && document && sdk
      ? view.seenAt(file, document, ["sdk", "version"], "sdk")
      : view.seen(project.file, 1, "project");
  view.claim("runtime", { name: "dotnet", version: sdk ?? null }, { source: "project", at });
  return sdk;
}

/** `net8.0-windows`, `netcoreapp3.1`, `net48`, `v4.7.2` as a version; a standard is none. */
function versionOf(moniker: string): string | undefined {
  const [, modern] = /^net(?:coreapp)?(\d+\.\d+)/i.exec(moniker) ?? [];
  const [, old] = /^(?:net|v)(\d[\d.]*)$/i.exec(moniker) ?? [];
  return modern ?? (old?.includes(".") ? old : old?.split("").join("."));
}

function claimNeighbours(view: View, project: DotnetProject): void {
  const solution = solutionOf(view.snapshot, project.file);
  if (solution !== undefined && folderOf(solution) !== view.unit.path)
    view.claim("workspace", folderOf(solution), { source: "project", at: view.seen(solution, 1, "solution") });
  for (const { path, file, place } of project.references)
    if (path !== null && projectFiles(view.snapshot, path).length > 0)
      view.claimEach(
        "internal",
        path,
        { path },
        { source: "project", at: view.seen(file, place(), "project-reference") },
      );
}

function claimTest(view: View, project: DotnetProject): void {
  const tests = referrers(view.snapshot, project.folder).find((other) =>
    refersTo(other, /^microsoft\.net\.test\.sdk$|^xunit|^nunit|^mstest|^tunit$/),
  );
  if (!tests) return;
  const command = `dotnet test ${relativePath(view.unit.path, tests.file)}`;
  view.claim("test", command, { source: "convention", confidence: 0.8, at: view.seen(tests.file, 1, "tests") });
}

/** The folder of a solution alone is nothing to deploy. */
function claimSolution(view: View): void {
  const marker = view.unit.markers.find((base) => /\.slnx?$/i.test(base));
  const file = marker === undefined ? undefined : view.path(marker);
  if (file !== undefined) view.claim("kind", "library", { source: "convention", at: view.seen(file, 1, "solution") });
}
