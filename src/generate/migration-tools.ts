/** A program of its own that applies migrations, and that an image can be given. */
interface MigrationTool {
  /** First word of its command. */
  program: string;
  /** Its name as a package of npm, where it is one. */
  npm?: string;
  /** Runtimes whose images it can be built for; all where it comes as a binary. */
  runtimes?: readonly string[];
  /** Whether it finds the database by DATABASE_URL. */
  byAddress: boolean;
  /** What it reads beside the program, by its command: folders and files of the service. */
  reads(command: string): string[];
  /** The command for a file system that nothing can write to. */
  inImage(command: string): string;
}

const asItIs = (command: string) => command;

const TOOLS: readonly MigrationTool[] = [
  {
    program: "goose",
    byAddress: true,
    reads: (command) => [optionOf(command, "-dir", "--dir") ?? "."],
    inImage: asItIs,
  },
  {
    program: "migrate",
    byAddress: true,
    reads: (command) => [optionOf(command, "-path", "--path") ?? "migrations"],
    inImage: asItIs,
  },
  {
    program: "dbmate",
    npm: "dbmate",
    byAddress: true,
    reads: (command) => [optionOf(command, "-d", "--migrations-dir") ?? "db/migrations"],
    // It would write the schema beside the migrations, by a program that the image has not.
    inImage: (command) =>
      command.includes("no-dump-schema") ? command : command.replace("dbmate", "dbmate --no-dump-schema"),
  },
  {
    program: "atlas",
    byAddress: false,
    reads: (command) => [optionOf(command, "--config", "-c")?.replace("file://", "") ?? "atlas.hcl"],
    inImage: asItIs,
  },
  {
    program: "sqlx",
    runtimes: ["rust"],
    byAddress: true,
    reads: (command) => [optionOf(command, "--source") ?? "migrations"],
    inImage: asItIs,
  },
  {
    program: "diesel",
    runtimes: ["rust"],
    byAddress: true,
    reads: (command) => [optionOf(command, "--migration-dir") ?? "migrations"],
    // Without the folder it looks for the sources.
    inImage: (command) =>
      command.includes("--migration-dir") ? command : `${command.trimEnd()} --migration-dir migrations`,
  },
];

/** The tool that a command of migrations starts, where an image of this runtime can be given it; undefined for all others. */
export function migrationTool(command: string, runtime: string): MigrationTool | undefined {
  const program = command.trim().split(/\s+/)[0];
  return TOOLS.find((tool) => tool.program === program && (tool.runtimes?.includes(runtime) ?? true));
}

/** Whether the packages of an application bring a tool, by its package.json. */
export function isBrought({ npm }: MigrationTool, manifest: string | undefined): boolean {
  return npm !== undefined && (manifest?.includes(`"${npm}"`) ?? false);
}

function optionOf(command: string, ...names: string[]): string | undefined {
  const words = command.trim().split(/[\s=]+/);
  const at = words.findIndex((word) => names.includes(word));
  return at === -1 ? undefined : words[at + 1];
}
