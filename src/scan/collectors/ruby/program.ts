import { baseOf, extensionOf, folderOf } from "../../../formats/tree.ts";
import { type Hit, searchCode } from "../../search.ts";
import { askedAt, hitsOf, portIn, type RubyProject } from "./project.ts";

const NAMES = ["main.rb", "app.rb", "bot.rb", "server.rb", "worker.rb", "run.rb", "start.rb"];
const SERVERS =
  /\b(?:WEBrick::HTTPServer|TCPServer|GRPC::RpcServer|Rack::Handler::\w+|Rackup::Handler::\w+)\.(?:new|run)\b([^\n]*)/g;
const LOOPS =
  /\bloop\s+do\b|\bwhile\s+true\b|\b(?:bot|client)\.(?:run|start!?|listen)\b|\bTelegram::Bot::Client\.run\b|\.subscribe\([^)\n]*block:\s*true|\bEM\.run\b/g;
/** Gems that make pages or drive tools; what serves them is told elsewhere. */
const GENERATORS = ["jekyll", "github-pages", "middleman", "nanoc", "bridgetown", "fastlane", "cocoapods"];

/** Claims what a unit without a web framework is: a server of its own, a worker, a command or a library. */
export function claimProgram(project: RubyProject): void {
  const { view } = project;
  if (project.needs(...GENERATORS)) return;
  const files = view.sources.filter(
    (path) => extensionOf(path) === "rb" && !/(?:^|\/)(?:lib|scripts?|bin|tasks)\//.test(path),
  );
  const server = nearest(searchCode(view, SERVERS, { files }));
  const run = project.gemfile === undefined ? "ruby" : "bundle exec ruby";
  if (server && project.gemspec === undefined) {
    const at = view.seen(server.file, server.place, "server");
    const port = portIn(
      /(?:Port|:Port)\s*(?:=>|:)\s*([^\n]*?)(?:,\s*:?[A-Z]\w*\s*(?:=>|:).*|\)\s*)?$/.exec(server.match[1] ?? "")?.[1] ??
        (server.match[1] ?? "").replace(/\)\s*$/, ""),
    );
    view.claim("kind", "api", { source: "code", confidence: 0.7, at });
    view.claim("start", `${run} ${inside(project, server.file)}`, { source: "convention", confidence: 0.65, at });
    if (port !== undefined) view.claim("port", port, { source: "code", at });
    return;
  }
  if (project.gemspec !== undefined) {
    const base = baseOf(project.gemspec);
    const [programs] = hitsOf(project, base, /\.executables\s*(?:=|<<|\+=)/g);
    const at = view.seen(project.gemspec, programs?.place ?? 1, "gemspec");
    view.claim("kind", programs ? "cli" : "library", { source: "convention", confidence: 0.7, at });
    return;
  }
  const loop = nearest(searchCode(view, LOOPS, { files }));
  if (!loop) return;
  const at = view.seen(loop.file, loop.place, "loop");
  const gem = project.needs("discordrb", "telegram-bot-ruby", "slack-ruby-bot", "bunny", "sneakers", "cinch");
  const confidence = gem ? 0.7 : 0.55;
  view.claim("kind", "worker", { source: "code", confidence, at: [at, ...(gem ? [askedAt(project, gem)] : [])] });
  view.claim("start", `${run} ${inside(project, loop.file)}`, { source: "convention", confidence, at });
}

/** Near the root first, files with the name of a program before others. */
function nearest(hits: readonly Hit[]): Hit | undefined {
  const weight = ({ file }: Hit) =>
    folderOf(file).split("/").length * 10 + (NAMES.indexOf(baseOf(file)) + 1 || NAMES.length + 1);
  return hits.toSorted((a, b) => weight(a) - weight(b))[0];
}

function inside({ view }: RubyProject, file: string): string {
  return view.unit.path === "." ? file : file.slice(view.unit.path.length + 1);
}
