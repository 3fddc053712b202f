import type { Place } from "../../formats/document.ts";

export type Ecosystem = "npm" | "pypi" | "go" | "cargo" | "maven" | "rubygems" | "packagist" | "nuget" | "hex";

/** A package that a manifest asks for. */
export interface Dependency {
  ecosystem: Ecosystem;
  /** As the ecosystem compares names: `psycopg2-binary`, `org.postgresql:postgresql`, NuGet in lower case. */
  name: string;
  /** As written; null where the manifest leaves it to others. */
  version: string | null;
  /** `dev` is absent in production, `optional` is there only where someone asks for it. */
  group: "prod" | "dev" | "optional";
  /** Extras and features that are asked for by name. */
  features: readonly string[];
  /** Only asked for by other packages: `// indirect` of Go. */
  indirect: boolean;
  /** Folder of the repository that it is taken from, where the manifest says so. */
  path: string | null;
  file: string;
  /** Where the manifest says it; found when it is asked for. */
  place: () => Place | undefined;
}

type Optional = "version" | "group" | "features" | "indirect" | "path";

/** A dependency; what is not given is unknown, and production. */
export function dependency(given: Omit<Dependency, Optional> & Partial<Pick<Dependency, Optional>>): Dependency {
  return { version: null, group: "prod", features: [], indirect: false, path: null, ...given };
}

const DEVELOPMENT =
  /(?:^|[-_./])(?:dev|devel|develop|development|test|tests|testing|lint|linting|docs?|typing|types|ci|qa|local|format|style|bench|tooling|tools|debug|e2e)(?:$|[-_./])/i;

/** The group that a name of people's own means: `dev`, `test-extras`, `requirements/docs.txt`. */
export function groupOfName(name: string, otherwise: Dependency["group"] = "prod"): Dependency["group"] {
  return DEVELOPMENT.test(name) ? "dev" : otherwise;
}
