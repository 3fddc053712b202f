import { baseOf, extensionOf } from "../../../formats/tree.ts";
import type { Dependency } from "../../declared/dependency.ts";
import type { Evidence } from "../../fact.ts";
import { searchCode } from "../../search.ts";
import { PYTHON_FRAMEWORKS, type PythonFramework } from "../../tables/python-frameworks.ts";
import { type Application, findApplications } from "./applications.ts";
import { importers } from "./imports.ts";
import { askedAt, type PythonProject } from "./project.ts";

/** A web framework that a unit uses. */
export interface FrameworkUse {
  framework: PythonFramework;
  declared: Dependency | undefined;
  applications: readonly Application[];
  /** Files of the application that import it. */
  files: readonly string[];
  confidence: number;
  at: Evidence[];
}

/** The framework that serves a unit, told by what it asks for and by what its code makes; Django is told elsewhere. */
export function findFramework(project: PythonProject): FrameworkUse | undefined {
  const uses = PYTHON_FRAMEWORKS.flatMap((framework) => useOf(project, framework) ?? []);
  const [best] = uses.sort((a, b) => b.confidence - a.confidence);
  return best;
}

function useOf(project: PythonProject, framework: PythonFramework): FrameworkUse | undefined {
  const { view } = project;
  const declared = project.needs(...framework.packages);
  const files = importers(view, framework.modules);
  const applications = findApplications(view, framework);
  const calls =
    applications.length > 0 ? applications.map(({ at }) => at).slice(0, 1) : callsIn(project, framework, files);
  const isUsed = calls.length > 0;
  if (!declared && !isUsed) return undefined;
  if (!declared && project.mentions(...framework.packages) && applications.length === 0) return undefined;
  const at = [...(declared ? [askedAt(project, declared)] : []), ...calls];
  return {
    framework,
    declared,
    applications,
    files,
    confidence: certainty(project, framework, { isUsed, declared, files }),
    at,
  };
}

/** A package that lies among the others of a frozen list is no framework until the code uses it. */
function certainty(
  { view }: PythonProject,
  framework: PythonFramework,
  { isUsed, declared, files }: { isUsed: boolean; declared: Dependency | undefined; files: readonly string[] },
): number {
  if (isUsed) return declared ? 1 : 0.8;
  if (isScriptOnly(framework)) return 0.3;
  if (files.length > 0) return 0.6;
  return view.sources.some((path) => extensionOf(path) === "py") ? 0.35 : 0.5;
}

/** Uses that no variable holds: a page of Streamlit, a call that blocks. */
function callsIn({ view }: PythonProject, { id, constructors }: PythonFramework, files: readonly string[]): Evidence[] {
  if (id === "streamlit")
    return searchCode(view, /\b(?:st|streamlit)\.\w+/g, { files, of: "bare" })
      .slice(0, 1)
      .map(({ file, place }) => view.seen(file, place, "page"));
  const used = new RegExp(
    `(?<![\\w])(?:${constructors.map((name) => name.replaceAll(".", "\\.")).join("|")})\\b[ \\t]*(?=[(\\n])`,
    "g",
  );
  return searchCode(view, used, { files, of: "bare" })
    .filter(({ file, match }) => !isImport(view.snapshot.text(file) ?? "", match.index))
    .slice(0, 1)
    .map(({ file, place }) => view.seen(file, place, "application"));
}

function isImport(text: string, index: number): boolean {
  return /^[ \t]*(?:from|import|class)\b/.test(text.slice(text.lastIndexOf("\n", index) + 1));
}

/** Libraries that serve pages, and are wanted for other things as often: clients, notebooks. */
function isScriptOnly({ id }: PythonFramework): boolean {
  return ["aiohttp", "tornado", "gradio", "starlette", "bottle", "dash", "streamlit"].includes(id);
}

/** Whether the code renders pages on the server. */
export function rendersPages({ view }: PythonProject, files: readonly string[]): boolean {
  const found = searchCode(
    view,
    /\b(?:render_template|Jinja2Templates|TemplateResponse|aiohttp_jinja2|TemplateEngine)\b/g,
    {
      files: files.filter((file) => extensionOf(file) === "py"),
      of: "bare",
    },
  );
  return (
    found.length > 0 &&
    view.files.some((path) => /(?:^|\/)templates\//.test(path) || /\.(?:html|j2|jinja2?)$/.test(baseOf(path)))
  );
}
