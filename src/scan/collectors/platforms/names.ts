import { baseOf, folderOf } from "../../../formats/tree.ts";
import type { Snapshot } from "../../snapshot.ts";

/** Files with one of these base names, nearest to the root first. */
export function filesNamed(snapshot: Snapshot, ...bases: readonly string[]): string[] {
  return bases.flatMap((base) => snapshot.named(base));
}

const known = new WeakMap<Snapshot, readonly string[]>();

/** Files whose base name matches, nearest to the root first. */
export function filesLike(snapshot: Snapshot, pattern: RegExp): string[] {
  const bases = known.get(snapshot) ?? [...new Set(snapshot.paths.map(baseOf))];
  known.set(snapshot, bases);
  const depth = (path: string) => path.split("/").length;
  return bases
    .filter((base) => pattern.test(base))
    .flatMap((base) => snapshot.named(base))
    .toSorted((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

/** What a configuration is for, as its name tells. */
export type Role = "production" | "plain" | "development" | "test";

const ROLES: readonly [role: Role, pattern: RegExp][] = [
  [
    "test",
    /(?:^|[._-])(?:test|tests|testing|ci|e2e|lint|docs?|bench|benchmark|base|builder|build|cypress|playwright|sonar|coverage|example|sample|template)(?:$|[._-])/i,
  ],
  [
    "development",
    /(?:^|[._-])(?:dev|devel|development|local|debug|override|devcontainer|gitpod|sandbox|watch|hot|infra|deps|services|tools)(?:$|[._-])/i,
  ],
  ["production", /(?:^|[._-])(?:prod|production|release|live|deploy)(?:$|[._-])/i],
];

const FOLDERS: Record<string, Role> = {
  ...Object.fromEntries(["test", "tests", "e2e", "ci", "lint", "docs", "bench"].map((name) => [name, "test"])),
  ...Object.fromEntries(["dev", "development", "local", ".devcontainer"].map((name) => [name, "development"])),
  ...Object.fromEntries(["prod", "production"].map((name) => [name, "production"])),
};

/** The role of a file by what its name has besides the usual: `Dockerfile.dev`, `compose.prod.yaml`, `docker/dev/Dockerfile`. */
export function roleOf(path: string, usual: RegExp): Role {
  const extra = baseOf(path).replace(usual, "");
  const folder = baseOf(folderOf(path));
  const role = ROLES.find(([, pattern]) => pattern.test(extra))?.[0];
  return role ?? FOLDERS[folder.toLowerCase()] ?? "plain";
}
