import type { DockerfileDocument } from "../../../../formats/dockerfile/read.ts";
import { folderOf, isIn, joinPath } from "../../../../formats/tree.ts";
import { environmentVariable } from "../../../environment.ts";
import { isFpm, ownPort } from "../images/entrypoints.ts";
import { fileServer } from "../images/runtimes.ts";
import type { About, Seen, Site } from "../platform.ts";
import { healthPath, tellVariable } from "../tell.ts";
import { tellOutput } from "../tell-output.ts";
import type { Built } from "./context.ts";
import { type Image, portsOf, runtimeOf, sourcesOf } from "./image.ts";

type At = (line: number, rule: string) => Seen;

/** What an image says besides its command. */
export function tellImage(about: About, image: Image, document: DockerfileDocument, at: At): void {
  const found = runtimeOf(image, document);
  if (found?.runtime.version) {
    const confidence = found.own ? undefined : BUILDER_WORTH;
    about.claim("runtime", found.runtime, {
      ...at(found.line, "image"),
      ...(confidence === undefined ? {} : { confidence }),
    });
  }
  const [first, ...others] = portsOf(image).filter(({ port }) => !(port === FAST_CGI && isFpm(image.base)));
  if (first) about.claim("port", first.port, at(first.line, "expose"));
  for (const { port, line } of others)
    about.claim("port", port, { ...at(line, "expose"), source: "convention", confidence: 0.3 });
  const own = first ? undefined : ownPort(image.base);
  about.claim("port", own, { ...at(image.chain[0]?.line ?? 1, "image"), source: "convention", confidence: 0.7 });
  tellHealth(about, image, at);
  tellVariables(about, image, document, at);
  for (const { keyword, words, line } of image.all)
    if (keyword === "VOLUME")
      for (const word of words) about.claimEach("state", word, { path: word, what: "volume" }, at(line, "volume"));
}

/** Where php-fpm takes requests of a web server beside it, which are none of HTTP. */
const FAST_CGI = 9000;

/** The builder's image says what builds, not what runs. */
const BUILDER_WORTH = 0.8;
const ADDRESS = /(?:https?:\/\/|\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):)[^/\s"'`)]*(\/[^\s"'`|;)]*)?/;

/** The path that a command of a check asks for. */
export function checkedPath(command: string): string | undefined {
  const found = ADDRESS.exec(command);
  return found ? healthPath(found[1] ?? "/") : undefined;
}

function tellHealth(about: About, { all }: Image, at: At): void {
  const check = all.findLast(({ keyword }) => keyword === "HEALTHCHECK");
  if (check) about.claim("health", checkedPath(check.argument.replaceAll('\\"', '"')), at(check.line, "healthcheck"));
}

/** Variables of tools and images, which no application reads. */
const OF_TOOLS =
  /^(?:PYTHON\w*|PIP_\w+|POETRY_\w+|UV_\w+|PDM_\w+|VIRTUAL_ENV|NPM_\w+|YARN_\w+|PNPM_\w+|COREPACK_\w+|NEXT_TELEMETRY\w*|NUXT_TELEMETRY\w*|ASTRO_TELEMETRY\w*|DEBIAN_\w+|DEBCONF\w*|LANGUAGE|LC_\w+|JAVA_\w+|JDK_\w+|MAVEN_\w+|GRADLE_\w+|GO(?:PATH|ROOT|OS|ARCH|PROXY|FLAGS|MODULE|111MODULE|SUMDB|TOOLCHAIN)|CGO_\w+|RUST\w*|CARGO_\w+|BUNDLE_\w+|BUNDLER_\w+|GEM_\w+|RAILS_ENV|RACK_ENV|MIX_ENV|HEX_\w+|ERL_\w+|DOTNET_\w+|ASPNETCORE_\w+|NUGET_\w+|COMPOSER_\w+|APACHE_\w+|NGINX_\w+|PHP_\w+|LD_\w+|TINI_\w+|HOST|CHROME_\w+|PUPPETEER_\w+|PLAYWRIGHT_\w+|APP_HOME|APP_DIR|APP_PATH|WORKDIR|UID|GID)$/;

function tellVariables(about: About, { all, stage }: Image, document: DockerfileDocument, at: At): void {
  for (const { keyword, pairs } of all)
    if (keyword === "ENV")
      for (const { name, line } of pairs)
        if (!OF_TOOLS.test(name) && environmentVariable(name).class !== "provided")
          tellVariable(about, name, at(line, "env"), { required: false, default: stage.env[name] ?? null });
  for (const { instructions } of sourcesOf(stage, document.stages))
    for (const { keyword, pairs } of instructions)
      if (keyword === "ARG")
        for (const { name, line } of pairs)
          if (environmentVariable(name).class === "public")
            tellVariable(about, name, at(line, "arg"), { phase: "build" });
}

/** Pages that a server of files takes from a stage or the context; undefined where the image is none. */
export function tellPages(
  site: Site,
  file: string,
  { folder, context }: Built,
  { stage, base, all }: Image,
  document: DockerfileDocument,
  at: At,
): boolean {
  const server = fileServer(base);
  if (!server) return false;
  const about = site.about(file, folder);
  const copy = all.findLast(({ keyword, words }) => {
    const target = (words.at(-1) ?? "").replace(/(?<=.)\/+$/, "");
    return keyword === "COPY" && server.roots.some((root) => target === root || target.startsWith(`${root}/`));
  });
  const from = copy?.flags.find(({ name }) => name === "from")?.value;
  const source = copy?.words[0]?.replace(/\/\.?$/, "");
  if (copy && source !== undefined) {
    const builder = document.stages.find(
      ({ name, index }) => index < stage.index && (name === from || String(index) === from),
    );
    const home = builder
      ? workingFolderOf(
          builder.instructions.map(({ keyword, words }) => (keyword === "WORKDIR" ? words[0] : undefined)),
        )
      : "";
    const inside = from === undefined ? source : withoutHome(source, home);
    if (inside !== undefined) {
      const above = joinPath(context, inside);
      const isAbove = from === undefined || (above !== undefined && isIn(above, folder));
      tellOutput(site, { file, folder: isAbove ? context : folder }, inside, at(copy.line, "output"));
    }
  }
  if (portsOf({ all, stage } as Image).length === 0)
    about.claim("port", server.port, { ...at(stage.line, "image"), source: "convention" });
  return true;
}

function workingFolderOf(folders: readonly (string | undefined)[]): string {
  return folders.findLast((folder) => folder?.startsWith("/")) ?? "";
}

function withoutHome(source: string, home: string): string | undefined {
  if (!source.startsWith("/")) return source;
  if (home !== "" && source.startsWith(`${home}/`)) return source.slice(home.length + 1);
  // Without a working folder nobody knows where the repository begins: its last part is what the build made.
  return folderOf(source) === "." ? undefined : source.slice(source.lastIndexOf("/") + 1);
}
