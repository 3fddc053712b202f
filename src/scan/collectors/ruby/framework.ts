import { extensionOf } from "../../../formats/tree.ts";
import type { Evidence } from "../../fact.ts";
import { searchCode } from "../../search.ts";
import { RUBY_FRAMEWORKS, type RubyFramework } from "../../tables/ruby-frameworks.ts";
import { RUBY_SITES } from "../../tables/ruby-sites.ts";
import { askedAt, hitsOf, type RubyProject } from "./project.ts";

/** The web framework of a unit. */
export interface FrameworkUse {
  framework: RubyFramework;
  confidence: number;
  isDeclared: boolean;
  at: Evidence[];
  /** File that makes the application, where one does. */
  file: string | undefined;
}

/** The most specific framework that a unit asks for and uses. */
export function findFramework(project: RubyProject): FrameworkUse | undefined {
  const uses = RUBY_FRAMEWORKS.flatMap((framework) => useOf(project, framework) ?? []);
  return uses.sort((a, b) => b.confidence - a.confidence)[0];
}

function useOf(project: RubyProject, framework: RubyFramework): FrameworkUse | undefined {
  const { view } = project;
  // A generator of pages shows them by way of Rack.
  if (framework.id === "rack" && project.needs(...RUBY_SITES.flatMap(({ gems }) => gems))) return undefined;
  const declared = project.needs(...framework.gems);
  const named = framework.files.flatMap((file) => hitsOf(project, file, framework.use)[0] ?? [])[0];
  const found =
    named ??
    (framework.files.length > 0 && framework.id === "rails"
      ? undefined
      : searchCode({ ...view, sources: rubyFiles(project) }, framework.use)[0]);
  if (!found && !declared) return undefined;
  // A gem that carries Rails or Sinatra for others, and does not serve anything itself.
  if (!found && project.gemspec !== undefined) return undefined;
  if (!declared && project.mentions(...framework.gems)) return undefined;
  const at = [
    ...(declared ? [askedAt(project, declared)] : []),
    ...(found ? [view.seen(found.file, found.place, framework.id)] : []),
  ];
  const confidence = found && declared ? 1 : found ? 0.8 : framework.id === "rack" ? 0.3 : 0.6;
  return { framework, confidence, isDeclared: declared !== undefined, at, file: found?.file };
}

function rubyFiles({ view }: RubyProject): string[] {
  return view.sources.filter((file) => ["rb", "ru"].includes(extensionOf(file)));
}

/** Whether pages are rendered: templates, and a framework that is not told to leave them out. */
export function rendersPages(project: RubyProject, { framework }: FrameworkUse): boolean {
  if (framework.id === "rails")
    return hitsOf(project, "config/application.rb", /\bconfig\.api_only\s*=\s*true/g).length === 0;
  if (framework.kind === "web") return true;
  return project.view.files.some((path) => /\.(?:erb|haml|slim|liquid)$/.test(path));
}
