import { recordAt } from "../../formats/document.ts";
import { parseJson } from "../../formats/json.ts";
import { folderOf } from "../../formats/tree.ts";
import type { ShellStep } from "../shell.ts";
import { absolute, blur, type Layers, presenceOf, remove } from "./layers.ts";
import { LOCKS } from "./lock-files.ts";

/** Where a command runs. */
export interface Place {
  layers: Layers;
  /** Working folder; changes with `cd`. */
  folder: string;
  /** Folder of the instruction. */
  workdir: string;
  root: boolean;
  /** The text of a file that comes from the repository. */
  textOf(path: string): string | undefined;
}

/** Commands that leave the folders of the application alone. */
const ELSEWHERE = new Set(
  (
    "apt-get apt apt-mark apt-key add-apt-repository apk yum dnf microdnf zypper pacman dpkg rpm update-ca-certificates ldconfig locale-gen " +
    "useradd adduser groupadd addgroup usermod groupmod userdel deluser delgroup passwd chpasswd setcap getent id whoami " +
    "set export unset true false : test [ [[ ls pwd sleep exit echo printf cat grep head tail wc date uname which command type env read trap " +
    "gem corepack nvm n rustup update-alternatives a2enmod a2ensite a2dismod docker-php-ext-install docker-php-ext-configure docker-php-ext-enable pecl " +
    "chmod sync nginx hash curl-config gpg gpgconf dirmngr localedef ssh-keyscan sysctl ulimit umask shift shopt source ."
  ).split(" "),
);

type Effect = (argv: readonly string[], place: Place) => void;

/** A build writes into its folder and into those that it is told; one of a workspace also into the `dist` of its root. */
const here: Effect = (argv, place) => {
  const { layers, workdir, folder } = place;
  blur(layers, workdir);
  blur(layers, folder);
  for (let above = folderOf(folder); above.length > 1; above = folderOf(above)) blurBuilds({ ...place, folder: above });
  for (const word of argv.slice(1)) {
    const path = /(?:^|=)(\/[\w./-]+)$/.exec(word)?.[1];
    if (path !== undefined) blur(layers, absolute("/", path) ?? "/");
  }
};
const inFolder =
  (...names: string[]): Effect =>
  (_, { layers, folder }) => {
    for (const name of names) blur(layers, join(folder, name));
  };

/** Programs whose output is known, by the name they are called with. */
const EFFECTS: Record<string, Effect> = {
  cd(argv, place) {
    place.folder = absolute(place.folder, argv[1] ?? "~") ?? "/";
  },
  mkdir(argv, { layers, folder, root }) {
    for (const path of paths(argv, folder)) layers.folders.set(path, root ? "root" : "other");
  },
  install(argv, { layers, folder }) {
    for (const path of paths(argv, folder)) layers.folders.set(path, undefined);
  },
  touch(argv, { layers, folder }) {
    for (const path of paths(argv, folder)) layers.files.set(path, null);
  },
  rm(argv, { layers, folder }) {
    for (const path of paths(argv, folder)) remove(layers, path);
  },
  chown(argv, { layers, folder }) {
    const deep = argv.some((word) => /^-\w*R|^--recursive$/.test(word));
    const named = argv.slice(1).filter((word) => !word.startsWith("-"));
    for (const word of named.slice(1)) {
      const path = absolute(folder, word.replace(/\/\*$/, ""));
      for (const known of [...layers.folders.keys()])
        if (path === undefined || known === path || (deep && known.startsWith(path === "/" ? "/" : `${path}/`)))
          layers.folders.set(known, undefined);
      if (path !== undefined) layers.folders.set(path, undefined);
    }
  },
  cp: targets,
  mv(argv, place) {
    targets(argv, place);
    for (const path of paths(argv, place.folder).slice(0, -1)) blur(place.layers, path);
  },
  ln: targets,
  tee: targets,
  tar: extracted,
  unzip: extracted,
  git(argv, place) {
    const named = argv.slice(2).filter((word) => !word.startsWith("-"));
    if (argv[1] === "clone")
      blur(place.layers, (named.length > 1 && absolute(place.folder, named.at(-1) as string)) || place.folder);
    else if (argv[1] !== "config") here(argv, place);
  },
  curl: downloaded,
  wget: downloaded,
  sed() {},
  find(argv, place) {
    if (argv.some((word) => /^-(?:delete|exec)/.test(word))) here(argv, place);
  },
  npm: node,
  pnpm: node,
  yarn: node,
  bun: node,
  go(argv, place) {
    const out = argv.indexOf("-o");
    const inline = argv.find((word) => /^-o=?./.test(word))?.replace(/^-o=?/, "");
    const name = out === -1 ? inline : argv[out + 1];
    if (argv[1] === "build" || argv[1] === "test") made(name, place);
    else if (argv[1] !== "mod" && argv[1] !== "install" && argv[1] !== "version" && argv[1] !== "env")
      here(argv, place);
  },
  dotnet(argv, place) {
    const out = argv.findIndex((word) => /^(?:-o|--output)$/.test(word));
    const inline = argv.find((word) => /^(?:-o|--output)=/.test(word))?.replace(/^[^=]*=/, "");
    const name = out === -1 ? inline : argv[out + 1];
    if (name !== undefined) blur(place.layers, absolute(place.folder, name) ?? "/");
    here(argv, place);
  },
  cargo: inFolder("target"),
  bundle: inFolder("vendor/bundle", ".bundle"),
  pip: python,
  pip3: python,
  pipenv: inFolder(".venv"),
  poetry: exporter,
  uv: exporter,
  python: venv,
  python3: venv,
  virtualenv(argv, { layers, folder }) {
    for (const path of paths(argv, folder)) blur(layers, path);
  },
};

/** What a command does to the files of an image. Of one that is not known anything may be true afterwards. */
export function applyStep(step: ShellStep, place: Place): void {
  const { argv, redirects } = step;
  for (const { mark, target } of redirects) {
    const path = /^&?>/.test(mark) && !/^\d+$|^\/dev\//.test(target) ? absolute(place.folder, target) : undefined;
    if (path !== undefined) place.layers.files.set(path, null);
  }
  const program = argv[0] ?? "";
  if (program === "" || ELSEWHERE.has(program)) return;
  const effect = Object.hasOwn(EFFECTS, program) ? EFFECTS[program] : undefined;
  if (effect) effect(argv, place);
  else if (/^(?:sudo|exec|time|nice|env)$/.test(program))
    applyStep({ ...step, argv: argv.slice(1), redirects: [] }, place);
  // Builds of the project write into its folders; scripts and programs of others anywhere.
  else if (
    /^(?:npx|bunx|turbo|nx|tsc|vite|next|mvn|\.\/mvnw|gradle|\.\/gradlew|mix|composer|php|ruby|rails|rake|bin\/rails|node|prisma|sbt|lein|hugo|elm|esbuild|webpack|gcc|g\+\+|javac|flask|django-admin|alembic|deno)$/.test(
      program,
    )
  )
    here(argv, place);
  else blur(place.layers, "/");
}

function node(argv: readonly string[], place: Place): void {
  const verb = argv.find((word, at) => at > 0 && !word.startsWith("-")) ?? "install";
  if (/^(?:config|cache|set|--version|whoami|ping|root|bin|fund|audit)$/.test(verb)) return;
  blur(place.layers, join(place.folder, "node_modules"));
  const installs = /^(?:ci|clean-install|install|i|add|in|fetch|prune|rebuild|update)$/.test(verb);
  const lock = LOCKS[argv[0] ?? ""]?.[0];
  const isFree = !argv.some((word) => /^--(?:frozen-lockfile|immutable|no-save|no-lockfile)$/.test(word));
  if (lock !== undefined && isFree && /^(?:install|i|add)$/.test(verb)) made(lock, place);
  // Scripts around an install may build anything, and workspaces have folders of their own.
  if (!installs || argv.some((word) => word === "--prefix" || word === "--cwd" || word === "-C")) here(argv, place);
  else if (!argv.includes("--ignore-scripts") && buildsAtInstall(place)) blurBuilds(place);
}

const AT_INSTALL = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];

/** Whether a package has scripts that run when it is installed, or others within it that may have them. */
function buildsAtInstall({ layers, folder, textOf }: Place): boolean {
  const path = join(folder, "package.json");
  const text = textOf(path);
  if (text === undefined) return presenceOf(layers, path) !== "no";
  const { value, problems } = parseJson(text);
  const { scripts, workspaces } = recordAt(value);
  const isOfWorkspace = presenceOf(layers, join(folder, "pnpm-workspace.yaml")) !== "no";
  return (
    problems.length > 0 ||
    workspaces !== undefined ||
    isOfWorkspace ||
    AT_INSTALL.some((name) => name in recordAt(scripts))
  );
}

/** What scripts of a package make when it is installed. */
function blurBuilds({ layers, folder }: Place): void {
  for (const name of ["dist", "build", "lib", "packages", "apps", "generated"]) {
    const path = join(folder, name);
    if (presenceOf(layers, path) !== "yes") blur(layers, path);
  }
}

/** `poetry export -o FILE`; anything else makes an environment. */
function exporter(argv: readonly string[], place: Place): void {
  const at = argv.findIndex((word) => /^(?:-o|--output|--output-file)$/.test(word));
  if (at !== -1) made(argv[at + 1], place);
  blur(place.layers, join(place.folder, ".venv"));
  python(argv, place);
}

function python(argv: readonly string[], place: Place): void {
  for (const [at, word] of argv.entries()) {
    const value = /^--(?:target|prefix|root)$|^-t$/.test(word)
      ? argv[at + 1]
      : /^--(?:target|prefix|root)=(.*)$/.exec(word)?.[1];
    const path = value === undefined ? undefined : absolute(place.folder, value);
    if (path !== undefined) blur(place.layers, path);
    else if (value !== undefined) blur(place.layers, "/");
  }
}

function venv(argv: readonly string[], place: Place): void {
  const module = argv[1] === "-m" ? argv[2] : undefined;
  if (module === "pip") python(argv.slice(2), place);
  else if (module === "venv" || module === "virtualenv")
    for (const path of paths(argv.slice(2), place.folder)) blur(place.layers, path);
  else here(argv, place);
}

function made(name: string | undefined, { layers, folder }: Place): void {
  const path = name === undefined ? folder : absolute(folder, name);
  if (path === undefined) blur(layers, "/");
  else if (path === folder || name?.endsWith("/") || presenceOf(layers, path) === "yes") blur(layers, path);
  else layers.files.set(path, null);
}

/** The last argument is written: a file, or a folder that gets the others. */
function targets(argv: readonly string[], { layers, folder }: Place): void {
  const last = argv.at(-1);
  const path = last === undefined || argv.length < 2 ? undefined : absolute(folder, last);
  blur(layers, path ?? "/");
  const option = argv.indexOf("-t");
  if (option !== -1) blur(layers, absolute(folder, argv[option + 1] ?? "") ?? "/");
}

function extracted(argv: readonly string[], { layers, folder }: Place): void {
  const at = argv.findIndex((word) => /^-(?:C|d)$|^--(?:directory|one-top-level)$/.test(word));
  const inline = argv.find((word) => /^(?:-C|--directory=)./.test(word))?.replace(/^(?:-C|--directory=)/, "");
  const name = at === -1 ? inline : argv[at + 1];
  blur(layers, name === undefined ? folder : (absolute(folder, name) ?? "/"));
}

function downloaded(argv: readonly string[], { layers, folder }: Place): void {
  const at = argv.findIndex((word) => /^(?:-\w*o|--output|-O|--output-document|-P|--output-dir)$/.test(word));
  const name = at === -1 ? undefined : argv[at + 1];
  const path = name === undefined || /^https?:/.test(name) ? undefined : absolute(folder, name);
  blur(layers, path ?? folder);
}

/** The paths that the arguments name; those with patterns or variables are left out. */
function paths(argv: readonly string[], folder: string): string[] {
  return argv.slice(1).flatMap((word) => (word.startsWith("-") ? [] : (absolute(folder, word) ?? [])));
}

function join(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}
