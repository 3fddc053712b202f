import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { docker } from "../labs/engine.ts";
import { findProgram } from "../labs/missing.ts";
import { attempt, must } from "../labs/run.ts";

/** What stands in for the images of a registry: the same programs, taken from this machine. */
export type Base = "system" | "node" | "go" | "python" | "caddy" | "ruby";

/** Which images of the generated files each of them is for. */
const STANDS_FOR: readonly [image: RegExp, base: Base][] = [
  [/^node:/, "node"],
  [/^golang:/, "go"],
  [/^python:/, "python"],
  [/^caddy:/, "caddy"],
  [/^ruby:/, "ruby"],
  [/^(?:alpine|debian):/, "system"],
];

/** A Dockerfile whose stages are built on images of this machine; throws for an image that nothing stands for. */
export function onOwnImages(dockerfile: string): { text: string; bases: Set<Base> } {
  const bases = new Set<Base>();
  const stages = new Set([...dockerfile.matchAll(/^FROM \S+ AS (\S+)/gm)].map(([, name]) => name));
  const text = dockerfile.replace(/^FROM (\S+)/gm, (line, image: string) => {
    if (stages.has(image)) return line;
    const base = STANDS_FOR.find(([name]) => name.test(image))?.[1];
    if (!base) throw new Error(`nothing on this machine stands for ${image}`);
    bases.add(base);
    return `FROM own/${base}`;
  });
  return { text, bases };
}

/** What has to work for a base beside its programs being there. */
const NEEDS: Partial<Record<Base, { argv: readonly string[]; lacks: string }>> = {
  python: { argv: ["python3", "-c", "import venv, ensurepip"], lacks: "python3 has no venv" },
  ruby: { argv: ["ruby", "-e", "Gem.bin_path('bundler', 'bundle')"], lacks: "ruby has no bundler" },
};

/** Settings of the page server as the one of this machine takes them: Debian's does not know the newest. */
export async function forOwnCaddy(text: string): Promise<string> {
  const [, minor = "0"] = /^v?2\.(\d+)/.exec(await must(["caddy", "version"])) ?? [];
  return Number(minor) < 7 ? text.replace(/^\tpersist_config off\n/m, "") : text;
}

/** Why a base cannot be made here; undefined when it can. */
export async function missingBase(base: Base): Promise<string | undefined> {
  const programs: Record<Base, readonly string[]> = {
    system: [],
    node: ["npm"],
    go: ["go"],
    python: ["python3"],
    caddy: ["caddy"],
    ruby: ["ruby"],
  };
  const absent = programs[base].filter((program) => !findProgram(program));
  if (absent.length > 0) return `not installed: ${absent.join(", ")}`;
  const needs = NEEDS[base];
  if (needs && (await attempt(needs.argv)) === undefined) return needs.lacks;
  return undefined;
}

/** Makes a base known to an engine as `own/BASE`. */
export async function importBase(at: { host: string }, base: Base): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "stationmaster-own-"));
  try {
    await system(root);
    await ADDS[base](root);
    const changes = ["ENV PATH=/usr/local/go/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"].flatMap((line) => [
      "--change",
      line,
    ]);
    const tar = `${root}.tar`;
    await must(["tar", "-C", root, "-cf", tar, "."], 120_000);
    await docker(at, ["import", ...changes, tar, `own/${base}`], 120_000);
    rmSync(tar);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const ADDS: Record<Base, (root: string) => Promise<void>> = {
  system: async () => undefined,
  async node(root) {
    await program(root, process.execPath, "usr/local/bin/node");
    // The program is a link into its package, or a script beside it.
    const npm = realpathSync(findProgram("npm") ?? "npm");
    const folder = [dirname(dirname(npm)), "/usr/lib/node_modules/npm", "/usr/share/nodejs/npm"].find((path) =>
      existsSync(join(path, "bin/npm-cli.js")),
    );
    if (!folder) throw new Error(`where is npm? ${npm} is no part of it`);
    cpSync(folder, join(root, "usr/local/lib/node_modules/npm"), { recursive: true, dereference: true });
    script(root, "usr/local/bin/npm", 'exec node /usr/local/lib/node_modules/npm/bin/npm-cli.js "$@"');
  },
  async go(root) {
    const home = (await must(["go", "env", "GOROOT"])).trim();
    const needless =
      /_test\.go$|\/(?:testdata|test|api|doc|misc)(?:\/|$)|\/src\/cmd\/|\/pkg\/tool\/\w+\/(?!asm|compile|link|buildid)|\/bin\/gofmt$/;
    for (const part of ["bin", "pkg", "src", "go.env", "VERSION"])
      if (existsSync(join(home, part)))
        cpSync(join(home, part), join(root, "usr/local/go", part), {
          recursive: true,
          dereference: true,
          filter: (path) => !needless.test(path),
        });
  },
  async python(root) {
    const about =
      "import sys, sysconfig; print(sys.base_prefix, sysconfig.get_paths()['stdlib'], f'{sys.version_info[0]}.{sys.version_info[1]}', sep='\\n')";
    const [prefix = "", library = "", version = ""] = (await must(["python3", "-c", about])).trim().split("\n");
    cpSync(library, join(root, library), {
      recursive: true,
      dereference: true,
      filter: (path) =>
        !/\/(?:site-packages|dist-packages|test|tests|idlelib|__pycache__|config-\d)(?:\/|$)/.test(path),
    });
    const own = [`${prefix}/bin/python${version}`, `/usr/bin/python${version}`].find((path) => existsSync(path)) ?? "";
    await program(root, own, own.slice(1));
    const modules = (await must(["find", `${library}/lib-dynload`, "-name", "*.so"])).trim().split("\n");
    for (const module of modules) await libraries(root, module);
    // Debian keeps what ensurepip installs apart from the library.
    const wheels = "/usr/share/python-wheels";
    if (existsSync(wheels)) cpSync(wheels, join(root, wheels), { recursive: true, dereference: true });
    for (const name of ["python", "python3"]) symlinkSync(own, join(root, "usr/local/bin", name));
    script(root, "usr/local/bin/pip", 'exec python -m pip "$@"');
  },
  async caddy(root) {
    await program(root, findProgram("caddy") ?? "caddy", "usr/bin/caddy");
  },
  async ruby(root) {
    const about =
      "puts RbConfig.ruby, RbConfig::CONFIG['rubylibdir'], RbConfig::CONFIG['rubyarchdir'], RbConfig::CONFIG['vendordir'], Gem.default_dir, *Gem.default_path";
    const [own = "", ...folders] = (await must(["ruby", "-e", about])).trim().split("\n");
    await program(root, realpathSync(own), "usr/local/bin/ruby");
    const more = ["/usr/share/rubygems-integration", "/usr/share/ruby-bundler"];
    for (const folder of [...new Set([...folders, ...more])])
      if (existsSync(folder)) cpSync(folder, join(root, folder), { recursive: true, dereference: true });
    const [, arch = ""] = folders;
    for (const module of (await must(["find", arch, "-name", "*.so"])).trim().split("\n"))
      await libraries(root, module);
    script(root, "usr/local/bin/bundle", 'exec ruby -rbundler -e "load Gem.bin_path(%q(bundler), %q(bundle))" -- "$@"');
  },
};

/** Busybox with all its names, and programs of a distribution that have nothing to do here. */
async function system(root: string): Promise<void> {
  for (const name of [
    "tmp",
    "etc",
    "bin",
    "sbin",
    "proc",
    "sys",
    "dev",
    "usr/local/bin",
    "usr/bin",
    "var/lib/apt/lists",
  ])
    mkdirSync(join(root, name), { recursive: true });
  chmodSync(join(root, "tmp"), 0o1777);
  await program(root, findProgram("busybox") ?? "busybox", "bin/busybox");
  for (const applet of (await must(["busybox", "--list"])).trim().split("\n"))
    if (!existsSync(join(root, "bin", applet))) symlinkSync("busybox", join(root, "bin", applet));
  for (const name of ["apk", "apt-get", "setcap"]) script(root, `usr/bin/${name}`, "exit 0");
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  writeFileSync(join(root, "etc/group"), "root:x:0:\n");
}

async function program(root: string, from: string, to: string): Promise<void> {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  copyFileSync(realpathSync(from), join(root, to));
  chmodSync(join(root, to), 0o755);
  await libraries(root, from);
}

/** What the loader needs, where it looks for it. */
async function libraries(root: string, file: string): Promise<void> {
  const linked = (await attempt(["ldd", file])) ?? "";
  for (const [, path = ""] of linked.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)) {
    const target = join(root, path);
    if (existsSync(target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(path, target);
  }
}

function script(root: string, path: string, body: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}
