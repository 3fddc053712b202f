import type { Instruction, Stage } from "../../../formats/dockerfile/print.ts";
import { joinPath } from "../../../formats/tree.ts";
import { isBrought, migrationTool } from "../../migration-tools.ts";
import { aptInstall, copy, run } from "./parts.ts";
import { hasFolder, type Site } from "./recipe.ts";

const STAGE = "migrator";
/** What is built into one program has no folders of the repository around it. */
const ALONE: ReadonlySet<string> = new Set(["go", "rust", "java", "dotnet", "elixir", "static"]);
/** Where images of tools keep their program. */
const IMAGES: Record<string, { image: string; at: string }> = {
  dbmate: { image: "dbmate", at: "/usr/local/bin/dbmate" },
  atlas: { image: "atlas", at: "/atlas" },
  migrate: { image: "golang-migrate", at: "/usr/local/bin/migrate" },
};
const GOOSE = "github.com/pressly/goose/v3";
const GOOSE_VERSION = /github\.com\/pressly\/goose\/v3 v(\d+\.\d+\.\d+)\b/;
/** What crates of Rust for the command line are called, the crate whose version they share, and what they are built with. */
const CRATES: Record<string, { crate: string; of: string; features: (lock: string) => string }> = {
  sqlx: {
    crate: "sqlx-cli",
    of: "sqlx",
    features: (lock) =>
      ["rustls", ...["postgres", "mysql", "sqlite"].filter((kind) => lock.includes(`name = "sqlx-${kind}"`))].join(),
  },
  diesel: {
    crate: "diesel_cli",
    of: "diesel",
    features: (lock) =>
      lock.includes('name = "pq-sys"') ? "postgres" : lock.includes('name = "mysqlclient-sys"') ? "mysql" : "sqlite",
  },
};

/** The stages of an image with the program that migrates, and the files it reads; the same stages where the application brings its own. */
export function withMigrator(site: Site, stages: Stage[]): Stage[] {
  const { migrations, runtime } = site.service;
  const tool = migrations && migrationTool(migrations.command, runtime.name);
  const last = stages.at(-1);
  if (!tool || !last || isBrought(tool, site.text(site.inService("package.json")))) return stages;
  const made = IMAGES[tool.program] ? fromImage(site, tool.program) : fromSource(site, tool.program);
  if (!made) return stages;
  const files = ALONE.has(runtime.name)
    ? tool
        .reads(migrations.command)
        .flatMap((path) => [path, ...foldersNamed(site, path)])
        .map((path) => joinPath(site.folder, path) ?? path)
        .filter((path) => site.has(path) || hasFolder(site, path))
        .filter((path) => !last.instructions.some((one) => hasCopied(one, path)))
        .map((path) => copy(`${path} ./${path.slice(site.folder === "." ? 0 : site.folder.length + 1)}`))
    : [];
  const added = [
    copy(
      `--from=${STAGE} ${made.at} /usr/local/bin/${tool.program}`,
      "Migrations run from this image, before a release.",
    ),
    ...files,
  ];
  const after = last.instructions.findLastIndex(({ keyword }) => keyword === "COPY") + 1;
  const instructions = last.instructions.toSpliced(after, 0, ...added);
  return [...stages.slice(0, -1), made.stage, { ...last, instructions }];
}

function fromImage(site: Site, program: string): { stage: Stage; at: string } | undefined {
  const known = IMAGES[program];
  const image = known && site.image(known.image);
  return image ? { stage: { image, name: STAGE, instructions: [] }, at: known.at } : undefined;
}

function fromSource(site: Site, program: string): { stage: Stage; at: string } | undefined {
  const crate = CRATES[program];
  if (crate) {
    const image = site.image("rust");
    const lock = site.text("Cargo.lock") ?? "";
    const version = new RegExp(`name = "${crate.of}"\\nversion = "(\\d+\\.\\d+)\\.`).exec(lock)?.[1];
    if (!image || version === undefined) return undefined;
    const headers = { postgres: ["libpq-dev"], mysql: ["libmariadb-dev"], sqlite: ["libsqlite3-dev"] };
    const features = crate.features(lock);
    const linked = program === "diesel" ? headers[features as keyof typeof headers] : [];
    const install = `cargo install ${crate.crate} --version ~${version} --locked --no-default-features --features ${features}`;
    return {
      stage: { image, name: STAGE, instructions: [...aptInstall(linked), run(install)] },
      at: `/usr/local/cargo/bin/${program}`,
    };
  }
  const named = GOOSE_VERSION.exec(site.text(site.inService("go.mod")) ?? "")?.[1];
  // The version that the module names knows the same migrations, and is built by the same Go.
  const version = named ?? site.plan.pins.tools.goose?.version;
  const image = site.image("golang", named === undefined ? null : site.service.runtime.version);
  if (!image || version === undefined) return undefined;
  const instructions = [run(`CGO_ENABLED=0 go install ${GOOSE}/cmd/goose@v${version}`)];
  return { stage: { image, name: STAGE, instructions }, at: `/go/bin/${program}` };
}

/** Folders that settings of a tool name: `dir = "file://db/migrations"`. */
function foldersNamed(site: Site, file: string): string[] {
  const text = file.endsWith(".hcl") ? (site.text(site.inService(file)) ?? "") : "";
  return [...new Set([...text.matchAll(/"file:\/\/([\w./-]+?)\/?(?:\?[^"]*)?"/g)].map(([, path = ""]) => path))];
}

/** Whether the stage takes a folder of the sources over already. */
function hasCopied({ keyword, value }: Instruction, folder: string): boolean {
  return keyword === "COPY" && typeof value === "string" && value.includes(`/${folder} `);
}
