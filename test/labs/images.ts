import { createHash, randomUUID } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findBinaries } from "../../src/store/binaries.ts";
import { docker } from "./engine.ts";
import { findProgram } from "./missing.ts";
import { attempt, must } from "./run.ts";

/** Name of the image with Node, its libraries and busybox. */
const NODE_IMAGE = "base/node:1";

const SERVER = fileURLToPath(new URL("app/server.mjs", import.meta.url));

export interface AppImage {
  /** Told in `x-release`; the tag of the image. */
  version: string;
  /** Repository of the image, with its registry if there is one; default `app`. */
  name?: string;
  /** Faults and settings the application has from birth; see `app/server.mjs`. */
  env?: Record<string, string>;
}

/** Makes the base image known to an engine, without any network. */
export async function nodeImage(at: { host: string }): Promise<string> {
  const tar = await baseTar();
  const id = `node-base-${basename(tar, ".tar")}`;
  const [known] = (await docker(at, ["images", "-q", "--filter", `label=lab=${id}`])).split("\n");
  if (known) return NODE_IMAGE;
  const changes = ["ENV PATH=/usr/local/bin:/bin", `LABEL lab=${id}`].flatMap((line) => ["--change", line]);
  await docker(at, ["import", ...changes, tar, NODE_IMAGE]);
  return NODE_IMAGE;
}

/** Builds an image of the PostgreSQL that comes with the tests; any user enters without a password. It listens on 5432. */
export async function postgresImage(at: { host: string }, name: string): Promise<string> {
  const base = await nodeImage(at);
  const { postgres } = await findBinaries(undefined, tmpdir());
  const native = dirname(dirname(postgres));
  const linked = await must(["ldd", postgres]);
  const folder = mkdtempSync(join(tmpdir(), "stationmaster-image-"));
  try {
    cpSync(native, join(folder, "native"), { recursive: true, verbatimSymlinks: true });
    mkdirSync(join(folder, "lib"));
    for (const [, path = ""] of linked.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm))
      if (!path.startsWith(native)) copyFileSync(path, join(folder, "lib", basename(path)));
    const start =
      "initdb -D /tmp/data -U app -A trust --no-locale -E UTF8 --no-sync && echo host all all all trust >> /tmp/data/pg_hba.conf && exec postgres -D /tmp/data -c listen_addresses=* -c unix_socket_directories=/tmp";
    const lines = [
      `FROM ${base}`,
      "COPY native /pg",
      "COPY lib /pg/more",
      "ENV PATH=/pg/bin:/bin LD_LIBRARY_PATH=/pg/lib:/pg/more",
      'RUN ["busybox", "chmod", "1777", "/tmp"]',
      "USER nobody",
      `CMD ["sh", "-c", ${JSON.stringify(start)}]`,
    ];
    writeFileSync(join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
    await docker(at, ["build", "-q", "-t", name, folder], 120_000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return name;
}

/** Builds the application of the labs on an engine; answers `name:version`. It listens on 8080. */
export async function appImage(at: { host: string }, { version, name = "app", env = {} }: AppImage): Promise<string> {
  await nodeImage(at);
  const folder = mkdtempSync(join(tmpdir(), "stationmaster-image-"));
  try {
    copyFileSync(SERVER, join(folder, "server.mjs"));
    const variables = Object.entries({ RELEASE: version, PORT: "8080", ...env });
    const lines = [
      `FROM ${NODE_IMAGE}`,
      "COPY server.mjs /app/server.mjs",
      ...variables.map(([key, value]) => `ENV ${key}=${JSON.stringify(value)}`),
      "EXPOSE 8080",
      'CMD ["node", "/app/server.mjs"]',
    ];
    writeFileSync(join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
    await docker(at, ["build", "-q", "-t", `${name}:${version}`, folder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return `${name}:${version}`;
}

/** The base image's files as a tar that is kept between runs; its name is the hash of their contents. */
async function baseTar(): Promise<string> {
  const files = await baseFiles();
  const hash = createHash("sha256");
  for (const [inside, outside] of Object.entries(files)) hash.update(inside).update(readFileSync(outside));
  const tar = join(tmpdir(), `stationmaster-base-${hash.digest("hex").slice(0, 16)}.tar`);
  if (existsSync(tar)) return tar;

  const folder = mkdtempSync(join(tmpdir(), "stationmaster-base-"));
  try {
    for (const name of ["tmp", "etc", "bin", "proc", "sys", "dev"]) mkdirSync(join(folder, name));
    for (const [inside, outside] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, inside)), { recursive: true });
      copyFileSync(outside, join(folder, inside));
    }
    for (const applet of ["sh", "sleep", "cat", "ls", "kill", "echo", "env", "true", "false"])
      symlinkSync("busybox", join(folder, "bin", applet));
    writeFileSync(join(folder, "etc/passwd"), "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
    writeFileSync(join(folder, "etc/group"), "root:x:0:\nnogroup:x:65534:\n");
    // Several test processes may make it at once.
    const draft = `${tar}.${randomUUID()}`;
    await must(["tar", "-C", folder, "-cf", draft, "."]);
    renameSync(draft, tar);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return tar;
}

/** Where each file of the base image comes from. */
async function baseFiles(): Promise<Record<string, string>> {
  const busybox = findProgram("busybox") ?? "busybox";
  const linked = await must(["ldd", process.execPath]);
  const busyboxLinked = (await attempt(["ldd", busybox])) ?? "";
  const libraries = `${linked}${busyboxLinked}`.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm);
  return {
    "usr/local/bin/node": process.execPath,
    "bin/busybox": busybox,
    ...Object.fromEntries([...libraries].map(([, path = ""]) => [path.slice(1), path])),
  };
}
