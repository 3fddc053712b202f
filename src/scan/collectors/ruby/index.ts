import { extensionOf, folderOf, joinPath } from "../../../formats/tree.ts";
import type { Collector } from "../../collector.ts";
import type { Evidence } from "../../fact.ts";
import { claimRuntime } from "../../runtime-pins.ts";
import { hitsIn } from "../../search.ts";
import { RUBY_NATIVE } from "../../tables/ruby-native.ts";
import { type FrameworkUse, findFramework, rendersPages } from "./framework.ts";
import { findProcesses } from "./processes.ts";
import { claimProgram } from "./program.ts";
import { askedAt, projectOf, type RubyProject } from "./project.ts";
import { serve } from "./serving.ts";
import { rubyVersions } from "./versions.ts";

/** Frameworks that are certain enough to start something. */
const USED = 0.5;

/** Ruby: gems, Rails and what else answers requests, and what works beside it. */
export const rubyCollector: Collector = {
  id: "ruby",
  reads: ["Gemfile", "Gemfile.lock", "*.gemspec", ".ruby-version", "config.ru", "config/puma.rb", "*.rb"],
  collect(view) {
    const project = view.unit.program === null ? projectOf(view) : undefined;
    if (!project) return;
    const found = findFramework(project);
    const use = found && found.confidence >= USED ? found : undefined;
    const isLeading = !project.isMixed || use !== undefined;
    claimLanguage(project, isLeading, use?.at ?? []);
    if (!isLeading) return;
    claimPackages(project);
    claimInternal(project);
    if (use) claimFramework(project, use);
    else claimProgram(project);
    for (const { name, command, confidence, at } of findProcesses(project))
      view.claimEach("process", name, { name, command }, { source: "convention", confidence, at });
    claimTest(project, use);
  },
};

function claimLanguage({ view, gemfile, gemspec }: RubyProject, isLeading: boolean, use: readonly Evidence[]): void {
  const code = view.sources.find((path) => ["rb", "ru"].includes(extensionOf(path)));
  const first = gemfile ?? gemspec ?? code;
  // A Gemfile without code is there for tools of an application of another language.
  const hasCode = code !== undefined || use.length > 0;
  if (first === undefined || (!isLeading && !hasCode)) return;
  const at = [view.seen(first, 1, "manifest"), ...use];
  const isCertain = isLeading && hasCode && first !== code;
  view.claim(
    "language",
    "Ruby",
    isCertain ? { source: "project", at } : { source: "convention", confidence: isLeading && hasCode ? 0.8 : 0.4, at },
  );
}

function claimPackages(project: RubyProject): void {
  const { view, gemfile, lock } = project;
  const versions = rubyVersions(project);
  if (versions.length > 0) claimRuntime(view, "ruby", versions);
  else if (gemfile !== undefined)
    view.claim(
      "runtime",
      { name: "ruby", version: null },
      { source: "convention", at: view.seen(gemfile, 1, "manifest") },
    );
  if (gemfile === undefined) return;
  const at = [view.seen(gemfile, 1, "gemfile"), ...(lock === undefined ? [] : [view.seen(lock, 1, "lock")])];
  view.claim("packageManager", "bundler", { source: "project", at });
  view.claim("install", "bundle install", { source: "convention", confidence: 0.8, at });
  for (const { gems, needs } of RUBY_NATIVE) {
    const declared = project.needs(...gems);
    for (const name of declared ? needs : [])
      view.claimEach(
        "native",
        name,
        { package: name },
        { source: "convention", confidence: 0.8, at: askedAt(project, declared as NonNullable<typeof declared>) },
      );
  }
}

/** Engines and gems of the repository: `gem "billing", path: "engines/billing"`, `path "engines" do`. */
function claimInternal({ view, gemfile }: RubyProject): void {
  if (gemfile === undefined) return;
  const code = view.snapshot.code(gemfile, "ruby")?.code ?? "";
  const named = hitsIn(
    code,
    /\bgem\s*\(?\s*["'][\w.-]+["'][^\n]*?(?:\bpath:\s*|:path\s*=>\s*)["']([^"'\n]+)["']/g,
    gemfile,
  );
  const blocks = hitsIn(code, /^[ \t]*path\s*\(?\s*["']([^"'\n]+)["']\)?\s+do\b([\s\S]*?)^[^\S\n]*end\b/gm, gemfile);
  const paths = [
    ...named.map(({ match, place }) => ({ path: match[1] as string, place })),
    ...blocks.flatMap(({ match, place }) =>
      [...(match[2] ?? "").matchAll(/\bgem\s*\(?\s*["']([\w.-]+)["']/g)].map(([, gem]) => ({
        path: `${match[1]}/${gem}`,
        place,
      })),
    ),
  ];
  for (const { path, place } of paths) {
    const target = joinPath(folderOf(gemfile), path);
    if (target !== undefined && target !== view.unit.path && view.units.some((unit) => unit.path === target))
      view.claimEach(
        "internal",
        target,
        { path: target },
        { source: "project", at: view.seen(gemfile, place, "path") },
      );
  }
}

function claimFramework(project: RubyProject, use: FrameworkUse): void {
  const { view } = project;
  const { framework, confidence, at, isDeclared } = use;
  view.claim("framework", framework.id, { source: isDeclared ? "project" : "code", confidence, at });
  const hasPages = rendersPages(project, use);
  view.claim("kind", hasPages ? "web" : "api", { source: "convention", confidence: 0.8, at });
  const serving = serve(project, use);
  if (serving) {
    view.claim("start", serving.command, { source: "convention", confidence: serving.confidence, at: serving.at });
    if (serving.otherwise !== undefined) view.claim("start", serving.otherwise, { source: "default", at: serving.at });
    const portConfidence = serving.portSource === "code" ? {} : { confidence: 0.7 };
    view.claim("port", serving.port, { source: serving.portSource, at: serving.portAt, ...portConfidence });
    if (serving.bind !== undefined) view.claim("bind", serving.bind, { source: "convention", at: serving.at });
  }
  if (framework.id !== "rails" || !hasPages) return;
  const assets = project.needs(
    ...[
      "propshaft",
      "sprockets-rails",
      "sprockets",
      "sassc-rails",
      "sass-rails",
      "dartsass-rails",
      "tailwindcss-rails",
    ],
    ...["importmap-rails", "jsbundling-rails", "cssbundling-rails", "vite_rails", "webpacker", "shakapacker"],
  );
  const folder = view.files.find((path) => path.startsWith(view.path("app/assets") as string));
  if (!assets && folder === undefined) return;
  const seen = assets ? askedAt(project, assets) : view.seen(folder as string, 1, "assets");
  view.claim("build", "bundle exec rails assets:precompile", { source: "convention", confidence: 0.8, at: seen });
}

function claimTest(project: RubyProject, use: FrameworkUse | undefined): void {
  const { view } = project;
  const rspec = project.mentions("rspec", "rspec-rails");
  const settings = project.file(".rspec") ?? project.file("spec/spec_helper.rb");
  if (rspec || settings !== undefined) {
    const at = rspec ? askedAt(project, rspec) : view.seen(settings as string, 1, "rspec");
    view.claim("test", "bundle exec rspec", { source: "project", confidence: 0.95, at });
    return;
  }
  const [test] = view.files.filter((path) => /(?:^|\/)(?:test_\w+|\w+_test|test_helper)\.rb$/.test(path));
  if (test === undefined) return;
  const isRails = use?.framework.id === "rails";
  const rakefile = project.file("Rakefile");
  if (!isRails && rakefile === undefined) return;
  view.claim("test", isRails ? "bundle exec rails test" : "bundle exec rake test", {
    source: "convention",
    confidence: 0.8,
    at: view.seen(test, 1, "tests"),
  });
}
