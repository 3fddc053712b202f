import { extensionOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Evidence, Kind } from "../../fact.ts";
import { searchCode } from "../../search.ts";
import { type DotnetProject, referrers, refersTo } from "./project.ts";

/** What a project is for. `program` is one that nobody knows more of. */
export type Role = "web" | "wasm" | "functions" | "worker" | "program" | "library";

const TESTS = /^(?:microsoft\.net\.test\.sdk|xunit(?:\.v3|\.core)?|nunit|mstest(?:\.testframework)?|tunit)$/;
const DESKTOP = ["UseWPF", "UseWindowsForms", "UseMaui"];
const DESKTOP_PACKAGES = /^(?:avalonia(?:\.desktop)?|monogame\.framework\..*|raylib-cs|terminal\.gui|eto\.forms)$/;
const ENTRY =
  /\bWebApplication\s*\.\s*Create|\bCreate(?:Default|Slim|Empty|Application|Host|WebHost)?Builder\b|\bstatic\s+(?:async\s+)?(?:void|int|Task(?:<int>)?)\s+Main\s*\(|\[<EntryPoint>\]|\bnew\s+WebHostBuilder\b/gi;

/** What the project file, and for the web the code, say of it. */
export function roleOf(view: View, project: DotnetProject): { role: Role; at: Evidence } {
  const { property, sdk, file } = project;
  const here = view.seen(file, project.root, "sdk");
  const is = (name: string, value: string) => property(name)?.value.toLowerCase() === value;
  const test = refersTo(project, TESTS);
  if (test) return { role: "library", at: view.seen(test.file, test.place(), "test-sdk") };
  if (is("IsTestProject", "true") || is("IsAspireHost", "true") || /^Aspire\.AppHost/.test(sdk))
    return { role: "library", at: here };
  const output = property("OutputType");
  const at = output ? view.seen(output.file, output.element, "output-type") : here;
  const library = output?.value.toLowerCase() === "library";
  if (/^Microsoft\.NET\.Sdk\.BlazorWebAssembly$/i.test(sdk)) {
    const served = referrers(view.snapshot, project.folder).some((other) => /\.Sdk\.Web$/i.test(other.sdk));
    return { role: served ? "library" : "wasm", at: here };
  }
  const functions = property("AzureFunctionsVersion");
  if (functions) return { role: "functions", at: view.seen(functions.file, functions.element, "functions") };
  if (library || refersTo(project, DESKTOP_PACKAGES) || DESKTOP.some((name) => is(name, "true")))
    return { role: "library", at };
  if (/\.Sdk\.Web$/i.test(sdk)) {
    const sources = view.sources.filter((path) => ["cs", "fs", "vb"].includes(extensionOf(path)));
    const starts =
      sources.length === 0 ||
      searchCode(view, ENTRY, { files: sources, of: "bare" }).length > 0 ||
      hasTopLevel(view, sources);
    return { role: starts ? "web" : "library", at: here };
  }
  if (/\.Sdk\.Worker$/i.test(sdk)) return { role: "worker", at: here };
  if (output?.value.toLowerCase() !== "exe") return { role: "library", at };
  const web = refersTo(project, /^microsoft\.aspnetcore\.app$/);
  if (web) return { role: "web", at: view.seen(web.file, web.place(), "framework-reference") };
  const hosted = refersTo(
    project,
    /^(?:microsoft\.extensions\.hosting|hangfire\.core|masstransit(?:\..*)?|discord\.net|telegram\.bot|quartz)$/,
  );
  return hosted ? { role: "worker", at: view.seen(hosted.file, hosted.place(), "package") } : { role: "program", at };
}

function hasTopLevel(view: View, sources: readonly string[]): boolean {
  return sources.some(
    (path) =>
      /(?:^|\/)Program\.(?:cs|fs|vb)$/i.test(path) &&
      !/\b(?:class|module)\s+\w/.test(view.snapshot.code(path)?.bare ?? ""),
  );
}

const BLAZOR = /\b(?:AddRazorComponents|AddServerSideBlazor|MapBlazorHub|UseBlazorFrameworkFiles)\b/g;
const PAGES = /\b(?:AddControllersWithViews|AddRazorPages|MapRazorPages|AddMvc|UseSpa|MapFallbackToFile)\s*\(/g;

/** Whether a server of the web makes pages, and with what. */
export function webKind(view: View, at: Evidence): { framework: "aspnet-core" | "blazor"; kind: Kind; at: Evidence } {
  const hit = (pattern: RegExp) => searchCode(view, pattern, { of: "bare" })[0];
  const blazor = hit(BLAZOR);
  if (blazor) return { framework: "blazor", kind: "web", at: view.seen(blazor.file, blazor.place, "blazor") };
  const pages = hit(PAGES);
  const view_ = view.files.find((file) => extensionOf(file) === "cshtml" || /(?:^|\/)wwwroot\/index\.html$/.test(file));
  if (pages) return { framework: "aspnet-core", kind: "web", at: view.seen(pages.file, pages.place, "pages") };
  if (view_) return { framework: "aspnet-core", kind: "web", at: view.seen(view_, 1, "pages") };
  return { framework: "aspnet-core", kind: "api", at };
}
