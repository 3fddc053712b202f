import type { Mistake } from "./problem.ts";
import { missing } from "./references.ts";
import type { ManifestConfig } from "./schema.ts";

type Path = (string | number)[];

const PLACEHOLDER = /\$\{([a-z]+):([^}]*)\}/g;
const PLAIN = /\$\{([A-Za-z_]\w*)\}/g;
/** What `start` knows besides the service's own variables; workers have no PORT, and the platform says so. */
const START_VARIABLES = ["PORT", "NODE", "RELEASE", "SERVICE", "ENVIRONMENT", "STATIONMASTER_UNIT"];

/** Placeholders that nothing would replace, so that a process would get them as they are written. */
export function unknownPlaceholders(manifest: ManifestConfig): Mistake[] {
  return [...unknownKinds(manifest), ...plainOutsideStart(manifest), ...wrongInStart(manifest)];
}

function unknownKinds(manifest: ManifestConfig): Mistake[] {
  const known: Record<string, string[] | undefined> = {
    service: Object.keys(manifest.services),
    store: Object.keys(manifest.stores),
  };
  return strings(manifest, []).flatMap(({ at, text }) =>
    [...text.matchAll(PLACEHOLDER)].flatMap(([, kind = "", name = ""]) => {
      if (kind === "secret") return [];
      const names = known[kind];
      if (names) return names.includes(name) ? [] : [missing(at, name, names, kind)];
      const next = "there are ${secret:NAME}, ${store:NAME} and ${service:NAME}";
      return [{ code: "SM-CONFIG-REFERENCE", at, message: `\${${kind}:…} is not known`, next }];
    }),
  );
}

/** Checks are left out: their steps have variables of their own. */
function plainOutsideStart({
  services,
  environments,
  stores,
  notify,
  remedies,
  devops,
  alertmanager,
  github,
}: ManifestConfig): Mistake[] {
  const places = [
    ...Object.entries(services).flatMap(([name, { env }]) => strings(env, ["services", name, "env"])),
    ...Object.entries(environments).flatMap(([name, { env }]) => strings(env, ["environments", name, "env"])),
    ...strings(stores, ["stores"]),
    ...strings(notify, ["notify"]),
    ...strings(remedies, ["remedies"]),
    ...strings(devops, ["devops"]),
    ...strings(alertmanager, ["alertmanager"]),
    ...strings(github, ["github"]),
  ];
  return places.flatMap(({ at, text }) =>
    [...text.matchAll(PLAIN)].map(([, name = ""]) => ({
      code: "SM-CONFIG-REFERENCE",
      at,
      message: `nothing replaces \${${name}} here`,
      next: START_VARIABLES.includes(name)
        ? `\${${name}} is known in start; the process has the variable ${name}`
        : `write \${secret:${name}}: it is taken from the environment or .env`,
    })),
  );
}

function wrongInStart({ services, environments }: ManifestConfig): Mistake[] {
  const shared = Object.values(environments).flatMap(({ env }) => Object.keys(env));
  return Object.entries(services).flatMap(([service, { start, env }]) => {
    const known = [...START_VARIABLES, ...Object.keys(env), ...shared];
    const at = ["services", service, "start"];
    return (start ?? []).flatMap((word) => [
      ...[...word.matchAll(PLACEHOLDER)].map(([whole, , name = ""]) => inStart(at, whole, name, whole)),
      // A word with blanks is a script for another program, with variables of its own.
      ...[...(/\s/.test(word) ? "" : word).matchAll(PLAIN)].flatMap(([whole, name = ""]) =>
        known.includes(name) ? [] : [inStart(at, whole, name, `\${secret:${name}}`)],
      ),
    ]);
  });
}

function inStart(at: Path, whole: string, name: string, value: string): Mistake {
  const variable = name.replace(/\W/g, "_").toUpperCase();
  const next = `add ${variable}: ${value} to env and write \${${variable}} here`;
  return { code: "SM-CONFIG-REFERENCE", at, message: `nothing replaces ${whole} in start`, next };
}

function strings(value: unknown, at: Path): { at: Path; text: string }[] {
  if (typeof value === "string") return [{ at, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => strings(item, [...at, index]));
  if (value && typeof value === "object")
    return Object.entries(value).flatMap(([key, item]) => strings(item, [...at, key]));
  return [];
}
