/** A migration tool of Node.js. */
export interface NodeTool {
  id: string;
  packages: readonly string[];
  /** What applies all that is pending, as a command: program and arguments behind each other. */
  applies: RegExp;
  /** The same as people type it. */
  command: string;
  /** Migrations or their settings, relative to the package: without one of them there is nothing to apply. */
  files: RegExp;
  /** In a folder below the package: the flag that leads there, and the file it names. */
  settings?: { flag: string; name: RegExp };
}

const SCRIPT = "\\.[cm]?[jt]s$";

/** The most specific first: what is made of another tool goes before it. */
export const NODE_TOOLS: readonly NodeTool[] = [
  {
    id: "payload",
    packages: ["payload"],
    applies: /^payload migrate$/,
    command: "payload migrate",
    files: /(?:^|\/)migrations\/\d{8}_\d+\w*\.(?:ts|json)$/,
  },
  {
    id: "adonis",
    packages: ["@adonisjs/lucid"],
    applies: /^node ace(?:\.js)? migration:run\b/,
    command: "node ace migration:run --force",
    files: /(?:^|\/)database\/migrations\/[^/]+\.[jt]s$/,
  },
  {
    id: "medusa",
    packages: ["@medusajs/medusa"],
    applies: /^medusa (?:db:migrate|migrations run)\b/,
    command: "medusa db:migrate",
    files: /^medusa-config\.[jt]s$/,
  },
  {
    id: "drizzle",
    packages: ["drizzle-kit", "drizzle-orm"],
    applies: /^drizzle-kit migrate\b/,
    command: "drizzle-kit migrate",
    files: /(?:^|\/)meta\/_journal\.json$/,
    settings: { flag: "--config", name: new RegExp(`(?:^|/)drizzle[\\w.-]*\\.config${SCRIPT}`) },
  },
  {
    id: "knex",
    packages: ["knex", "objection"],
    applies: /\bknex(?:\.js)? (?:.* )?migrate:(?:latest|up)\b/,
    command: "knex migrate:latest",
    files: new RegExp(`(?:^|/)knexfile${SCRIPT}`),
    settings: { flag: "--knexfile", name: new RegExp(`(?:^|/)knexfile${SCRIPT}`) },
  },
  {
    id: "mikro-orm",
    packages: ["@mikro-orm/migrations", "@mikro-orm/migrations-mongodb"],
    applies: /\bmikro-orm(?:-esm)? migration:up\b/,
    command: "mikro-orm migration:up",
    files: new RegExp(`(?:^|/)(?:mikro-orm\\.config|[Mm]igration\\d+\\w*)${SCRIPT}`),
  },
  {
    id: "sequelize",
    packages: ["sequelize-cli", "sequelize"],
    applies: /\bsequelize(?:-cli)? (?:.* )?db:migrate\b(?!:)/,
    command: "sequelize-cli db:migrate",
    files: /^\.sequelizerc$|(?:^|\/)migrations\/\d{8,}[\w-]*\.[cm]?js$/,
  },
  {
    id: "node-pg-migrate",
    packages: ["node-pg-migrate"],
    applies: /\bnode-pg-migrate (?:.* )?up\b/,
    command: "node-pg-migrate up",
    files: /(?:^|\/)migrations\/\d{8,}[\w-]*\.(?:[cm]?[jt]s|sql)$/,
  },
  {
    id: "kysely",
    packages: ["kysely-ctl"],
    applies: /\bkysely migrate(?::|\s)latest\b/,
    command: "kysely migrate:latest",
    files: /(?:^|\/)kysely\.config\.[cm]?[jt]s$/,
  },
  {
    id: "graphile-migrate",
    packages: ["graphile-migrate"],
    applies: /^graphile-migrate migrate\b/,
    command: "graphile-migrate migrate",
    files: /^\.gmrc(?:\.js)?$/,
  },
  {
    id: "db-migrate",
    packages: ["db-migrate"],
    applies: /\bdb-migrate (?:.* )?up\b/,
    command: "db-migrate up",
    files: /(?:^|\/)migrations\/\d{8,}[\w-]*\.js$/,
  },
  {
    id: "migrate-mongo",
    packages: ["migrate-mongo"],
    applies: /\bmigrate-mongo up\b/,
    command: "migrate-mongo up",
    files: /(?:^|\/)migrate-mongo-config\.[cm]?[jt]s$/,
  },
];

/** Code of a program that applies migrations itself, by tool. */
export const OWN_RUNNERS: readonly { id: string; packages: readonly string[]; pattern: RegExp }[] = [
  { id: "drizzle", packages: ["drizzle-orm"], pattern: /["']drizzle-orm\/[\w-]+\/migrator["']/ },
  { id: "knex", packages: ["knex"], pattern: /\.migrate\.latest\s*\(/ },
  { id: "kysely", packages: ["kysely"], pattern: /\bmigrateToLatest\s*\(/ },
  { id: "typeorm", packages: ["typeorm"], pattern: /\.runMigrations\s*\(/ },
  {
    id: "mikro-orm",
    packages: ["@mikro-orm/migrations"],
    pattern: /\bgetMigrator\(\)\s*\.up\s*\(|\bmigrator\.up\s*\(/,
  },
  { id: "sequelize", packages: ["umzug"], pattern: /\bnew\s+Umzug\s*\(/ },
  { id: "node-pg-migrate", packages: ["node-pg-migrate"], pattern: /["']node-pg-migrate["']/ },
];
