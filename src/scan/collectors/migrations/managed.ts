import { elementsAt, textAt } from "../../../formats/xml.ts";
import { type Candidate, type Ground, runsInside } from "./candidate.ts";

/** Flyway and Liquibase: frameworks run them at the start; a plugin of the build or settings of their programs make them a step. */
export function javaMigrations(ground: Ground): Candidate[] {
  return [...ofTool(ground, FLYWAY), ...ofTool(ground, LIQUIBASE)];
}

interface JavaTool {
  tool: string;
  dependencies: readonly string[];
  settings: RegExp;
  command: string;
  gradle: { plugin: RegExp; task: string };
  maven: { plugin: string; goal: string };
  migration: RegExp;
  off: RegExp;
}

const FLYWAY: JavaTool = {
  tool: "flyway",
  dependencies: [
    "org.flywaydb:flyway-core",
    "io.quarkus:quarkus-flyway",
    "io.micronaut.flyway:micronaut-flyway",
    "org.springframework.boot:spring-boot-starter-flyway",
  ],
  settings: /^(?:conf\/)?flyway\.(?:conf|toml)$/,
  command: "flyway migrate",
  gradle: { plugin: /\borg\.flywaydb\.flyway\b/, task: "flywayMigrate" },
  maven: { plugin: "flyway-maven-plugin", goal: "flyway:migrate" },
  migration: /(?:^|\/)[VR]\d*[\w.]*__[\w.-]+\.(?:sql|java|kt)$/,
  off: /\bflyway[.:]\s*(?:\n\s+)?enabled\s*[:=]\s*false/,
};
const LIQUIBASE: JavaTool = {
  tool: "liquibase",
  dependencies: [
    "org.liquibase:liquibase-core",
    "io.quarkus:quarkus-liquibase",
    "io.micronaut.liquibase:micronaut-liquibase",
    "org.springframework.boot:spring-boot-starter-liquibase",
  ],
  settings: /^(?:\w+\/)?liquibase\.properties$/,
  command: "liquibase update",
  gradle: { plugin: /\borg\.liquibase\.gradle\b/, task: "update" },
  maven: { plugin: "liquibase-maven-plugin", goal: "liquibase:update" },
  migration: /(?:^|\/)(?:db\/)?change-?log[\w./-]*\.(?:xml|ya?ml|json|sql)$/,
  off: /\bliquibase[.:]\s*(?:\n\s+)?enabled\s*[:=]\s*false/,
};

function ofTool(
  ground: Ground,
  { tool, dependencies, settings, command, gradle, maven, migration, off }: JavaTool,
): Candidate[] {
  const { inside: paths, at, needs, view, codeWith, declared } = ground;
  const text = (path: string) => view.snapshot.text(at(path)) ?? "";
  const isSpring = declared.some(({ name, group }) => name.startsWith("org.springframework.boot:") && group !== "dev");
  const used = needs("maven", ...dependencies);
  const isOff = paths.some((path) => /(?:^|\/)application\.(?:ya?ml|properties)$/.test(path) && off.test(text(path)));
  const runner = codeWith(/\bFlyway\s*\.\s*configure\s*\(|\bnew\s+(?:Spring)?Liquibase\s*\(/, /\.(?:java|kt)$/);
  const program = paths.find((path) => settings.test(path));
  const isFramework = isSpring || /quarkus|micronaut|spring-boot-starter/.test(used?.name ?? "");
  if (used && ((isFramework && !isOff) || runner !== undefined)) return [runsInside(tool, runner ?? used.file)];
  const build = ["build.gradle.kts", "build.gradle"].find((path) => gradle.plugin.test(text(path)));
  if (build !== undefined)
    return [
      {
        tool,
        command: `${paths.includes("gradlew") ? "./gradlew" : "gradle"} ${gradle.task}`,
        confidence: 0.85,
        file: at(build),
      },
    ];
  const plugins = elementsAt(view.snapshot.xml(at("pom.xml")).root, "build", "plugins", "plugin");
  const plugin = plugins.find((element) => textAt(element, "artifactId") === maven.plugin);
  if (plugin)
    return [
      {
        tool,
        command: `${paths.includes("mvnw") ? "./mvnw" : "mvn"} ${maven.goal}`,
        confidence: 0.85,
        file: at("pom.xml"),
        place: plugin,
      },
    ];
  if (program !== undefined) return [{ tool, command, confidence: 0.9, file: at(program) }];
  const found = paths.find((path) => migration.test(path));
  if (tool !== "flyway" || found === undefined || used) return [];
  return [
    {
      tool,
      command: undefined,
      confidence: 0,
      file: at(found),
      why: "files are named as Flyway wants them, and nothing runs it",
    },
  ];
}

/** Ecto: the release's own function, else Mix. */
export function elixirMigrations({ inside: paths, at, needs, view }: Ground): Candidate[] {
  const migration = paths.find((path) => /^priv\/\w+\/migrations\/\d+_\w+\.exs$/.test(path));
  if (!needs("hex", "ecto_sql", "phoenix_ecto", "ecto") || migration === undefined) return [];
  const tool = "ecto";
  if (paths.includes("rel/overlays/bin/migrate"))
    return [{ tool, command: "bin/migrate", confidence: 0.95, file: at("rel/overlays/bin/migrate") }];
  const app = /\bapp:\s*:(\w+)/.exec(view.snapshot.text(at("mix.exs")) ?? "")?.[1];
  for (const path of paths.filter((one) => /^lib\/.*\.ex$/.test(one) && /release/i.test(one))) {
    const code = view.snapshot.code(at(path))?.code ?? "";
    const module = /\bdefmodule\s+([\w.]+)/.exec(code)?.[1];
    if (module !== undefined && app !== undefined && /\bdef\s+migrate\b/.test(code))
      return [{ tool, command: `bin/${app} eval "${module}.migrate"`, confidence: 0.95, file: at(path) }];
  }
  return [{ tool, command: "mix ecto.migrate", confidence: 0.8, file: at(migration) }];
}

/** Entity Framework Core, and libraries that only run inside. */
export function dotnetMigrations({ inside: paths, at, needs, codeWith, view }: Ground): Candidate[] {
  const code = /\.(?:cs|fs)$/;
  const library = needs(
    "nuget",
    "dbup",
    "dbup-core",
    "dbup-postgresql",
    "dbup-sqlserver",
    "evolve",
    "fluentmigrator.runner",
  );
  if (library) return [runsInside(library.name, library.file)];
  const migration = paths.find(
    (path) => /(?:^|\/)Migrations\/(?:\w+\/)?\d{14}_\w+\.cs$/.test(path) && !path.endsWith(".Designer.cs"),
  );
  if (migration === undefined) return [];
  const runner = codeWith(/\.Database\s*\.\s*Migrate(?:Async)?\s*\(/, code);
  if (runner !== undefined) return [runsInside("ef-core", runner)];
  const isOwn = view.snapshot.text(at(migration))?.includes("Migration") ?? false;
  return isOwn ? [{ tool: "ef-core", command: "dotnet ef database update", confidence: 0.8, file: at(migration) }] : [];
}
