import { basename } from "node:path";
import type pg from "pg";
import type { Answer, Limits, MigrateSettings, MigrationKind } from "../types.ts";

/** A migration as its tool lists it, in the tool's order. */
export interface Listed {
  id: string;
  /** What people named it, where that is not in the id. */
  name?: string;
  applied: boolean;
  /** Of its text, where the tool tells. */
  checksum?: string;
  /** Those it builds on, where the order is not one line. */
  parents?: string[];
  /** Its text, where the tool tells in which file that is. */
  file?: string;
  /** Runs again whenever it changes, so it has no place in the order. */
  unordered?: boolean;
}

/** How one migration tool is asked and told. Argv are built here and run elsewhere, from the new release. */
export interface Runner {
  readonly tool: MigrateSettings["tool"];
  /** Whether one who has these files (paths relative to the service) uses the tool. */
  detect(files: readonly string[]): boolean;
  /** A migration that was cut off has changed nothing. */
  readonly transactional: boolean;
  /** It says nothing of why it failed. */
  readonly silent?: boolean;
  /** Tables in which it keeps what it has applied. */
  readonly ledgers: readonly string[];
  list(settings: MigrateSettings): readonly string[];
  /** Undefined: this is not an answer to `list`. */
  parse(answer: Answer): Listed[] | undefined;
  /** Marks what is applied, where that can only be read from the database. */
  readApplied?(client: pg.ClientBase, listed: Listed[]): Promise<Listed[]>;
  /** Brings the schema to `migrations`; `all`: nothing else is pending. Undefined: it cannot stop before the rest. */
  apply(settings: MigrateSettings, migrations: readonly Listed[], all: boolean): (readonly string[])[] | undefined;
  /** Prints the SQL it would send. Undefined: not for these. */
  print?(
    settings: MigrateSettings,
    migrations: readonly Listed[],
    listed: readonly Listed[],
  ): (readonly string[])[] | undefined;
  /** The files it sends as they are, for tools whose migrations are SQL, one for each. Undefined: some of these are not. */
  files?(settings: MigrateSettings, migrations: readonly Listed[]): string[] | undefined;
  /** Variables by which its sessions get the limits and a name. */
  environment(limits: Limits, application: string, environment: Record<string, string>): Record<string, string>;
}

/**
 * How the tool is called: what stands before the verb in the manifest's `command` when that calls the tool itself
 * (`poetry run alembic upgrade heads` → `poetry run alembic`), else as usual.
 */
export function programOf(
  { command = [] }: MigrateSettings,
  { name, verb, usual }: { name: string; verb: string; usual: readonly string[] },
): readonly string[] {
  const before = command.slice(0, Math.max(0, command.indexOf(verb)));
  return before.some((part) => basename(part) === name) ? before : usual;
}

/** For whatever is built on libpq, and for node-postgres, which reads the same variables. */
export function libpqEnvironment(
  { lockMs, statementMs }: Limits,
  application: string,
  { PGOPTIONS }: Record<string, string>,
): Record<string, string> {
  const own = `-c lock_timeout=${lockMs} -c statement_timeout=${statementMs}`;
  return { PGOPTIONS: PGOPTIONS ? `${PGOPTIONS} ${own}` : own, PGAPPNAME: application };
}

/** A mark at the end of the name: `[contract]`, `(contract)`, `.contract`, `sm_contract`, in Ruby `SmContract`. A bare word could be the user's own. */
const MARK = /(?:\.|\[|\(|(?:^|[ _-])sm[ _-]?)(contract|backfill)[\])]?$/;

/** What a migration is for, by its name. */
export function kindOf(name: string): MigrationKind {
  const plain = name.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "_").toLowerCase();
  return (MARK.exec(plain)?.[1] as MigrationKind | undefined) ?? "expand";
}

/** `folder/name`, or the name alone. */
export function inFolder(path: string | undefined, name: string): string {
  return path && path !== "." ? `${path.replace(/\/+$/, "")}/${name}` : name;
}
