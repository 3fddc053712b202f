import { baseOf, folderOf } from "../../../formats/tree.ts";
import { type Candidate, type Ground, runsInside, shallowest } from "./candidate.ts";

const ADDRESS = '"$DATABASE_URL"';

/** Goose, golang-migrate, Atlas, dbmate, sql-migrate and plain files, told by how their migrations are written. */
export function sqlMigrations(ground: Ground): Candidate[] {
  const { view, at, codeWith, needs } = ground;
  const files = ground.inside.filter(
    (path) => path.endsWith(".sql") && !/(?:^|\/)(?:tests?|testdata|fixtures|seeds?|docs?|examples?)\//i.test(path),
  );
  const atlas = shallowest(ground.inside.filter((path) => baseOf(path) === "atlas.hcl"));
  if (atlas !== undefined) return [ofAtlas(ground, atlas)];
  if (files.length === 0) return [];
  const head = (path: string) => (view.snapshot.text(at(path)) ?? "").slice(0, 2_000);
  const goose = files.find((path) => /^--\s*\+goose\s+Up\b/im.test(head(path)));
  if (goose !== undefined) {
    const runner = codeWith(/\bgoose\.(?:Up|UpContext|UpTo|NewProvider|RunContext|Run)\(/, /\.go$/);
    if (runner !== undefined) return [runsInside("goose", runner)];
    return [
      {
        tool: "goose",
        command: `goose -dir ${folderOf(goose)} ${driverOf(ground)} ${ADDRESS} up`,
        confidence: 0.75,
        file: at(goose),
      },
    ];
  }
  const pair = files.find((path) => /\.up\.sql$/.test(path) && files.includes(path.replace(/\.up\.sql$/, ".down.sql")));
  if (pair !== undefined && !needs("cargo", "sqlx", "diesel")) {
    const runner = codeWith(
      /\bmigrate\.(?:New|NewWithDatabaseInstance|NewWithSourceInstance|NewWithInstance)\(/,
      /\.go$/,
    );
    if (runner !== undefined) return [runsInside("golang-migrate", runner)];
    return [
      {
        tool: "golang-migrate",
        command: `migrate -path ${folderOf(pair)} -database ${ADDRESS} up`,
        confidence: 0.75,
        file: at(pair),
      },
    ];
  }
  const dbmate = files.find((path) => /^--\s*migrate:up\b/im.test(head(path)));
  if (dbmate !== undefined) {
    const folder = folderOf(dbmate);
    return [
      {
        tool: "dbmate",
        command: `dbmate${folder === "db/migrations" ? "" : ` -d ${folder}`} up`,
        confidence: 0.85,
        file: at(dbmate),
      },
    ];
  }
  const sqlMigrate = files.find((path) => /^--\s*\+migrate\s+Up\b/im.test(head(path)));
  if (sqlMigrate !== undefined) {
    const runner = codeWith(/\bmigrate\.(?:Exec|ExecMax|ExecContext)\(/, /\.go$/);
    return [
      runner === undefined
        ? { tool: "sql-migrate", command: "sql-migrate up", confidence: 0.75, file: at(sqlMigrate) }
        : runsInside("sql-migrate", runner),
    ];
  }
  return [];
}

function driverOf({ needs }: Ground): string {
  if (needs("go", "github.com/go-sql-driver/mysql", "gorm.io/driver/mysql")) return "mysql";
  return needs("go", "github.com/mattn/go-sqlite3", "modernc.org/sqlite") ? "sqlite3" : "postgres";
}

function ofAtlas({ view, at }: Ground, file: string): Candidate {
  const text = view.snapshot.text(at(file)) ?? "";
  const names = [...text.matchAll(/^[ \t]*env[ \t]+"?(\w+)"?\s*\{/gm)].map(([, name = ""]) => name);
  const name = names.find((one) => /^prod/.test(one)) ?? (names.length === 1 ? names[0] : undefined);
  const config = file === "atlas.hcl" ? "" : ` --config file://${file}`;
  const command = name === undefined ? undefined : `atlas migrate apply${config} --env ${name}`;
  return {
    tool: "atlas",
    command,
    confidence: 0.8,
    file: at(file),
    ...(command === undefined ? { why: "atlas.hcl has no environment for production" } : {}),
  };
}

/** Plain files in order, where no tool says how they are applied. */
export function plainSql({ inside: paths, at }: Ground): Candidate[] {
  const file = paths.find((path) => /^(?:db\/|database\/|sql\/)?migrations?\/(?:[VU]?\d+[\w.-]*)\.sql$/i.test(path));
  return file === undefined
    ? []
    : [
        {
          tool: "sql",
          command: undefined,
          confidence: 0,
          file: at(file),
          why: `${folderOf(file)} has plain SQL, and no tool is there that applies it`,
        },
      ];
}

/** sqlx, Diesel, SeaORM, refinery. */
export function rustMigrations({ inside: paths, at, needs, codeWith }: Ground): Candidate[] {
  const rust = /\.rs$/;
  const found: Candidate[] = [];
  const migration = paths.find((path) => /(?:^|\/)migrations\/\d+[\w-]*(?:\.(?:up\.)?sql|\/up\.sql)$/.test(path));
  if (needs("cargo", "sqlx") && migration !== undefined) {
    const runner = codeWith(/\bsqlx::migrate!|\bmigrate!\s*\(|\bMigrator::new\(/, rust);
    const folder = folderOf(migration);
    const flag = folder === "migrations" ? "" : ` --source ${folder}`;
    found.push(
      runner === undefined
        ? { tool: "sqlx", command: `sqlx migrate run${flag}`, confidence: 0.85, file: at(migration) }
        : runsInside("sqlx", runner),
    );
  }
  if (needs("cargo", "diesel", "diesel-async") && (migration !== undefined || paths.includes("diesel.toml"))) {
    const runner = codeWith(/\bembed_migrations!|\brun_pending_migrations\b/, rust);
    found.push(
      runner === undefined
        ? { tool: "diesel", command: "diesel migration run", confidence: 0.85, file: at(migration ?? "diesel.toml") }
        : runsInside("diesel", runner),
    );
  }
  const migrator = codeWith(/\bMigratorTrait\b/, rust);
  if (needs("cargo", "sea-orm", "sea-orm-migration") && migrator !== undefined) {
    const runner = codeWith(/\bMigrator::up\(/, rust);
    found.push(
      runner === undefined
        ? { tool: "sea-orm", command: "sea-orm-cli migrate up", confidence: 0.75, file: migrator }
        : runsInside("sea-orm", runner),
    );
  }
  const refinery = needs("cargo", "refinery") && codeWith(/\bembed_migrations!/, rust);
  if (refinery) found.push(runsInside("refinery", refinery));
  return found;
}
