import { type DockerfileDocument, readDockerfile } from "../../../../formats/dockerfile/read.ts";
import { baseOf, folderOf } from "../../../../formats/tree.ts";
import { readStart } from "../commands/start.ts";
import type { Written } from "../commands/words.ts";
import { fileServer, imageRuntime, isProxy } from "../images/runtimes.ts";
import { imageStore } from "../images/stores.ts";
import { filesLike, type Role, roleOf } from "../names.ts";
import type { Platform, Seen, Site } from "../platform.ts";
import { tellProcess, tellStart } from "../tell.ts";
import { commandOf } from "./command.ts";
import { type Built, builtBy } from "./context.ts";
import { tellImage, tellPages } from "./facts.ts";
import { fromContext } from "./home.ts";
import { finalImage, type Image } from "./image.ts";
import { withBuiltArchive } from "./jar.ts";

const FILE = /^(?:Dockerfile|Containerfile)(?:[._-][\w.-]+)?$|^[\w.-]+\.(?:Dockerfile|Containerfile)$/i;
/** Lists for builds, templates, copies and documents beside Dockerfiles. */
const NONE =
  /\.(?:dockerignore|containerignore|md|mdx|j2|jinja2?|tmpl|tpl|template|erb|in|txt|example|sample|bak|orig|old|ya?ml|sh|json|[cm]?[jt]s|py|go|snap)$/i;
const USUAL = /^(?:Dockerfile|Containerfile)|(?:Dockerfile|Containerfile)$/gi;
const WORTH = 0.95;
/** What is for developers goes behind what the project says. */
const DEVELOPMENT_WORTH = { source: "convention", confidence: 0.6 } as const;
const WORKER = /^(?:worker|workers|cron|scheduler|celery|beat|queue|consumer|jobs?|sidekiq|bot|clock)$/i;

interface Candidate {
  file: string;
  role: Role;
  document: DockerfileDocument;
  image: Image;
  built: Built;
}

export const dockerfile: Platform = {
  id: "dockerfile",
  reads: ["Dockerfile", "Containerfile"],
  find: (snapshot) => filesLike(snapshot, FILE).filter((path) => !NONE.test(baseOf(path))),
  read(site) {
    const candidates = site.files.flatMap((file) => candidateOf(site, file) ?? []);
    for (const same of Map.groupBy(candidates, ({ built }) => `${built.folder}#${programIn(site, built)}`).values()) {
      const [first, ...others] = same.toSorted((a, b) => rank(a) - rank(b));
      if (first) tellCandidate(site, first);
      for (const other of others) tellWorker(site, other);
    }
  },
};

function candidateOf(site: Site, file: string): Candidate | undefined {
  const role = roleOf(file, USUAL);
  const text = site.snapshot.text(file);
  if (role === "test" || text === undefined) return undefined;
  const document = readDockerfile(text);
  const image = finalImage(document);
  if (!image || imageStore(image.base) || handsOn(image)) return undefined;
  return { file, role, document, image, built: builtBy(site, file, document) };
}

const SETTINGS =
  /\.(?:conf|template|tmpl|pem|crt|key|htpasswd|sh|toml|ya?ml)$|Caddyfile$|(?:^|\/)(?:conf\.d|templates|certs?|ssl|sites|snippets|nginx|conf|config)(?:\/\.?|\/\*)?$/;

/** A proxy, or a server of files that gets no files. */
function handsOn({ base, all }: Image): boolean {
  if (isProxy(base)) return true;
  const copied = all.flatMap(({ keyword, words }) =>
    keyword === "COPY" || keyword === "ADD" ? words.slice(0, -1) : [],
  );
  return fileServer(base) !== undefined && copied.every((source) => SETTINGS.test(source));
}

function programIn({ units }: Site, { folder, names }: Built): string {
  return (
    units.find(({ path, program }) => path === folder && program !== null && names.includes(program))?.program ?? ""
  );
}

/** The one for production first, then the plain name, then what lies nearest. */
function rank({ file, role, built }: Candidate): number {
  const roles: Record<Role, number> = { production: 0, plain: 1, development: 3, test: 4 };
  const usual = /^(?:Dockerfile|Containerfile)$/i.test(baseOf(file)) ? 0 : WORKER.test(suffixOf(file)) ? 1 : 0.5;
  return roles[role] + usual + (folderOf(file) === built.folder ? 0 : 0.1);
}

function suffixOf(file: string): string {
  return baseOf(file)
    .replace(USUAL, "")
    .replace(/^[._-]|[._-]$/g, "");
}

function tellCandidate(site: Site, { file, role, document, image, built }: Candidate): void {
  const { context, folder } = built;
  const isDevelopment = role === "development";
  const worth = isDevelopment ? DEVELOPMENT_WORTH : { confidence: WORTH };
  const at = (line: number, rule: string): Seen => ({ file, at: line, rule, ...worth });
  const command = commandOf(site.snapshot, image, context);
  const names = [...built.names, ...programNames(command?.written, image)];
  const about = site.about(file, folder, names);
  tellImage(about, image, document, at);
  if (isDevelopment) return;
  const pages = tellPages(site, file, built, image, document, at);
  // An image of a bare runtime without a command is for building something else.
  if (!pages && !command && imageRuntime(image.base) && !SERVING.test(image.base)) {
    about.miss("dockerfile", "starts nothing", at(image.stage.line, "command"));
    return;
  }
  about.claim("dockerfile", file, at(image.stage.line, "file"));
  if (pages || !command || about.units.length > 1) return;
  const written = isJvm(site, folder) ? withBuiltArchive(image, document, command.written) : command.written;
  if (written === undefined) {
    about.miss("start", "starts what the build left, under another name", at(command.line, "command"));
    return;
  }
  const start = startIn(
    site,
    built,
    folder === context ? fromContext(site.snapshot, image, context, written) : written,
  );
  tellStart(
    site,
    { file, folder: start.folder, names, made: document.stages.length > 1 || !copiesAll(image) },
    start.written,
    at(command.line, "command"),
  );
}

/** Whether Maven or Gradle build what lies in a folder. */
function isJvm({ units }: Site, folder: string): boolean {
  return units.some(
    ({ path, markers }) =>
      path === folder && markers.some((marker) => /^(?:pom\.xml|build\.gradle|settings\.gradle)/.test(marker)),
  );
}

/** Whether the repository is as it lies in the image, so that what is not here is not there. */
function copiesAll({ all }: Image): boolean {
  return all.some(({ keyword, words }) => (keyword === "COPY" || keyword === "ADD") && /^\.?\/?$/.test(words[0] ?? ""));
}

/** Images with a server of their own. */
const SERVING = /php:\S*apache|php:\S*fpm|tomcat|jetty|frankenphp|uvicorn-gunicorn|uwsgi-nginx|lambda\//;

/** The names of programs that the image starts or builds: `/bin/api`, `./cmd/api`. */
function programNames(written: Written | undefined, { all }: Image): string[] {
  const words = typeof written === "string" ? written.split(/\s+/) : (written ?? []);
  const built = all.flatMap(({ argument }) => [...argument.matchAll(/\bcmd\/([\w-]+)/g)].map(([, name = ""]) => name));
  return [...words.slice(0, 2).map(baseOf), ...built];
}

/** Where a command runs: in the folder of the unit, or in that of the image's context, whose scripts may lead there. */
function startIn(
  { snapshot }: Site,
  { folder, context }: Built,
  written: Written,
): { folder: string; written: Written } {
  if (folder === context) return { folder, written };
  const above = readStart(snapshot, context, written);
  if (above.folder === folder) return { folder: context, written };
  const here = readStart(snapshot, folder, written);
  const line = here.why === "script" && above.command !== null ? above.command : written;
  return { folder, written: withoutFolder(line, context === "." ? folder : folder.slice(context.length + 1)) };
}

/** `node apps/api/dist/main.js` of the root is `node dist/main.js` of `apps/api`. */
function withoutFolder(written: Written, folder: string): Written {
  const front = new RegExp(`^(\\./)?${folder.replace(/[^\w/]/g, "\\$&")}/`);
  const shorter = (word: string) => word.replace(front, "$1");
  return typeof written === "string" ? written.split(" ").map(shorter).join(" ") : written.map(shorter);
}

/** A second Dockerfile of the same folder, named after what works beside the server. */
function tellWorker(site: Site, { file, image, built, role }: Candidate): void {
  const name = suffixOf(file).toLowerCase();
  const command = commandOf(site.snapshot, image, built.context);
  if (role === "development" || !command || !WORKER.test(name)) return;
  const seen = { file, at: command.line, rule: "command", confidence: WORTH };
  tellProcess(site, { file, folder: built.folder, names: [name] }, name, command.written, seen);
}
