import { cargoDependencies, goDependencies } from "./declared/compiled.ts";
import type { Dependency, Ecosystem } from "./declared/dependency.ts";
import { nugetDependencies } from "./declared/dotnet.ts";
import { gradleDependencies } from "./declared/gradle.ts";
import { mavenDependencies } from "./declared/java.ts";
import { nodeDependencies } from "./declared/node.ts";
import { pythonDependencies } from "./declared/python.ts";
import { composerDependencies, gemDependencies, mixDependencies } from "./declared/ruby-php-elixir.ts";
import { oncePerSnapshot } from "./once.ts";
import type { Snapshot } from "./snapshot.ts";

const READERS: readonly ((snapshot: Snapshot, folder: string) => Dependency[])[] = [
  nodeDependencies,
  pythonDependencies,
  goDependencies,
  cargoDependencies,
  mavenDependencies,
  gradleDependencies,
  gemDependencies,
  composerDependencies,
  nugetDependencies,
  mixDependencies,
];

const once = oncePerSnapshot<readonly Dependency[]>();

/** What the manifests directly in a folder ask for, in every ecosystem; read once for each snapshot. */
export function dependenciesOf(snapshot: Snapshot, folder: string): readonly Dependency[] {
  return once(snapshot, folder, () => READERS.flatMap((read) => read(snapshot, folder)));
}

/** The first dependency of that name, one of production before others; undefined where the manifests have none. */
export function findDependency(all: readonly Dependency[], ecosystem: Ecosystem, name: string): Dependency | undefined {
  const same = all.filter((one) => one.ecosystem === ecosystem && one.name === name);
  return same.find(({ group, indirect }) => group === "prod" && !indirect) ?? same[0];
}
