import { nearestFile } from "../../nearby.ts";
import { toolVersions, type VersionSeen } from "../../runtime-pins.ts";
import { hitsIn } from "../../search.ts";
import { hitsOf, type RubyProject } from "./project.ts";

const EXACT = /^\d+(?:\.\d+)*[\w.-]*$/;

/** What the files of a project say of the version of Ruby. */
export function rubyVersions(project: RubyProject): VersionSeen[] {
  const { view, gemfile, lock, gemspec } = project;
  const { snapshot } = view;
  const pin = nearestFile(snapshot, view.unit.path, ".ruby-version");
  const pinned = pin === undefined ? [] : fromLines(pin, /^(?:ruby-)?(\d\S*|(?:jruby|truffleruby)-\S+)$/, true);
  const named =
    gemfile === undefined
      ? []
      : hitsIn(snapshot.code(gemfile, "ruby")?.code ?? "", /^[ \t]*ruby[ (]+["']([^"'\n]+)["']/gm, gemfile);
  const inGemfile = named.map(({ match, place, file }): VersionSeen => {
    const version = (match[1] as string).replace(/^ruby-/, "");
    return { version, exact: EXACT.test(version), at: view.seen(file, place, "gemfile-ruby") };
  });
  const inLock = lock === undefined ? [] : fromLines(lock, /^ {3}ruby (\d+\.\d+\.\d+\S*?)(?:p\d+)?$/, true);
  const inSpec = gemspec === undefined ? [] : requiredBy(project, gemspec);
  return [...pinned, ...inGemfile, ...toolVersions(view, ["ruby"]), ...inLock, ...inSpec];

  function fromLines(file: string, shape: RegExp, exact: boolean): VersionSeen[] {
    return (snapshot.text(file) ?? "")
      .split("\n")
      .flatMap((line, index): VersionSeen[] => {
        const version = shape.exec(line.replace(/\s+$/, ""))?.[1];
        return version === undefined ? [] : [{ version, exact, at: view.seen(file, index + 1, "version-file") }];
      })
      .slice(0, 1);
  }
}

function requiredBy(project: RubyProject, gemspec: string): VersionSeen[] {
  const base = gemspec.slice(gemspec.lastIndexOf("/") + 1);
  return hitsOf(
    project,
    base,
    /\.required_ruby_version\s*=\s*(?:Gem::Requirement\.new\()?\s*\[?["']([^"'\n]+)["']/g,
  ).map(({ match, place, file }) => ({
    version: match[1] as string,
    exact: false,
    at: project.view.seen(file, place, "required-ruby"),
  }));
}
