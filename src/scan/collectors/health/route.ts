/** A path that code answers on, as it is written there. */
export interface Route {
  file: string;
  /** Offset in the code. */
  at: number;
  /** What it is registered on: a variable, or a name of the extractor's own. */
  owner: string;
  path: string;
  rule: string;
  confidence: number;
  /** Where the owner is made, if another file makes it. */
  home?: { file: string; owner: string } | undefined;
  /** The framework tells a path with a slash at its end from one without. */
  slash?: boolean;
  /** It is for health whatever its name. */
  certain?: boolean;
}

/** One registers another below a prefix; undefined where the prefix is not written down. */
export interface Mount {
  file: string;
  at: number;
  owner: string;
  prefix: string | undefined;
  /** Without an owner: whatever the file registers on what is not mounted in it. */
  to: readonly { file: string; owner?: string }[];
}

/** A stretch of a file whose routes have a prefix. */
export interface Scope {
  file: string;
  from: number;
  to: number;
  prefix: string;
}

/** A prefix that something has by itself. */
export interface Base {
  file: string;
  owner: string;
  prefix: string;
}

export interface Registered {
  routes: Route[];
  mounts: Mount[];
  scopes: Scope[];
  bases: Base[];
}

/** Nothing registered yet, to be filled. */
export function nothing(): Registered {
  return { routes: [], mounts: [], scopes: [], bases: [] };
}

/** A route with the prefixes of everything it hangs below. */
export interface Composed {
  route: Route;
  path: string;
  /** Whether each prefix is known. */
  sure: boolean;
}

const MOST_PARENTS = 4;
const MOST_ROUTES = 5_000;

interface Prefix {
  path: string;
  sure: boolean;
}

/** The whole paths of all routes. */
export function compose({ routes, mounts, scopes, bases }: Registered): Composed[] {
  const inFile = Map.groupBy(scopes, ({ file }) => file);
  const byOwner = new Map<string, Mount[]>();
  for (const mount of mounts)
    for (const { file, owner } of mount.to) {
      const key = keyOf(file, owner ?? "*");
      byOwner.set(key, [...(byOwner.get(key) ?? []), mount]);
    }
  const own = new Map(bases.map(({ file, owner, prefix }) => [keyOf(file, owner), prefix]));
  const within = (file: string, at: number) =>
    (inFile.get(file) ?? [])
      .filter(({ from, to }) => from <= at && at < to)
      .sort((a, b) => a.from - b.from)
      .map(({ prefix }) => prefix)
      .join("/");
  const known = new Map<string, Prefix[]>();
  const prefixes = (file: string, owner: string): Prefix[] => {
    const key = keyOf(file, owner);
    const before = known.get(key);
    if (before) return before;
    const base = own.get(key) ?? "";
    // What is mounted in itself ends here.
    known.set(key, [{ path: base, sure: true }]);
    const parents = byOwner.get(key) ?? byOwner.get(keyOf(file, "*")) ?? [];
    const above = parents.filter((mount) => !(mount.file === file && mount.owner === owner));
    const found = above.slice(0, MOST_PARENTS).flatMap((mount) =>
      prefixes(mount.file, mount.owner).map(({ path, sure }) => ({
        path: `${path}/${within(mount.file, mount.at)}/${mount.prefix ?? ""}/${base}`,
        sure: sure && mount.prefix !== undefined,
      })),
    );
    if (found.length > 0) known.set(key, found.slice(0, MOST_PARENTS));
    return known.get(key) ?? [];
  };
  return routes.slice(0, MOST_ROUTES).flatMap((route) =>
    prefixes(route.home?.file ?? route.file, route.home?.owner ?? route.owner).map(({ path, sure }) => ({
      route,
      sure,
      path: clean(
        `${path}/${within(route.file, route.at)}/${route.path}`,
        route.slash === true && /\/$/.test(route.path),
      ),
    })),
  );
}

function clean(path: string, slash: boolean): string {
  const parts = path.split("/").filter(Boolean);
  return `/${parts.join("/")}${slash && parts.length > 0 ? "/" : ""}`;
}

function keyOf(file: string, owner: string): string {
  return `${file}\n${owner}`;
}
