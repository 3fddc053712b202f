import { parseDotenv } from "../../../formats/dotenv.ts";
import type { GeneratedFile, Kind } from "../../kind.ts";
import { regionIn } from "../../merge/region.ts";
import { hasNote, NOTE } from "../../note.ts";
import type { Plan, PlannedVariable } from "../../plan.ts";
import { storeRecipe } from "../../store-images.ts";

const PATH = ".env.example";
const TITLES = {
  config: "Settings",
  secret: "Secrets: never commit their values",
  public: "Compiled into pages: everybody can read these",
} as const;

interface Entry extends PlannedVariable {
  /** Services that read it. */
  services: string[];
}

/** All variables of the application with what they are for, and no real value. */
export const envExample: Kind = {
  id: "env-example",
  title: "list of variables",
  wanted: ({ services }) => services.some(({ env }) => env.length > 0),
  render(plan) {
    const entries = inventory(plan);
    const there = plan.tree.text(PATH);
    const ours = there === undefined || (hasNote(there) && regionIn(PATH, there) === undefined);
    return ours ? whole(entries) : missing(entries, there);
  },
};

function whole(entries: readonly Entry[]): GeneratedFile[] {
  const parts = (Object.keys(TITLES) as (keyof typeof TITLES)[]).flatMap((kind) => {
    const some = entries.filter((entry) => entry.class === kind);
    return some.length === 0 ? [] : [`# ${TITLES[kind]}`, some.map(lines).join("\n")];
  });
  return [
    {
      path: PATH,
      text: `${[`# ${NOTE}`, ...parts].join("\n\n")}\n`,
      ownership: "managed",
      why: "every variable the code reads; copy it to .env and fill it in",
    },
  ];
}

/** A file that people wrote keeps every line: what it lacks is added in a part of its own. */
function missing(entries: readonly Entry[], there: string): GeneratedFile[] {
  const part = regionIn(PATH, there);
  const theirs = part === undefined ? there : there.replace(part, "");
  const known = new Set([
    ...parseDotenv(theirs).map(({ key }) => key),
    ...[...theirs.matchAll(/^\s*#\s*([A-Z][A-Z\d_]+)\s*=/gm)].map(([, name = ""]) => name),
  ]);
  const absent = entries.filter(({ name }) => !known.has(name));
  if (absent.length === 0 && part === undefined) return [];
  return [
    {
      path: PATH,
      text: `${absent.map(lines).join("\n")}\n`,
      ownership: "patch",
      why: "the variables the code reads that were not in it",
    },
  ];
}

/** Each variable once, with the services that read it. */
function inventory(plan: Plan): Entry[] {
  const all = new Map<string, Entry>();
  for (const { name: service, env } of plan.services)
    for (const variable of env) {
      // Set by the platform or by Stationmaster.
      if (variable.class === "provided") continue;
      const known = all.get(variable.name);
      if (known) known.services.push(service);
      else all.set(variable.name, { ...variable, services: [service] });
    }
  const asked = plan.stores.some((store) => storeRecipe(store, plan.pins)?.recipe.url("").includes(STORE_PASSWORD));
  if (asked && !all.has(STORE_PASSWORD)) all.set(STORE_PASSWORD, storePassword());
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const STORE_PASSWORD = "STORE_PASSWORD";

function storePassword(): Entry {
  return {
    name: STORE_PASSWORD,
    class: "secret",
    phase: "run",
    required: true,
    default: null,
    store: null,
    services: ["compose.yaml: the stores beside the services, letters and digits only"],
  };
}

function lines({ name, class: kind, required, services, store, default: value }: Entry): string {
  const about = [services.join(", "), store ? `address of ${store}` : "", required ? "required" : "optional"];
  const shown = kind === "secret" ? "" : (value ?? "");
  return `# ${about.filter(Boolean).join("; ")}\n${name}=${/[\s#"']/.test(shown) ? JSON.stringify(shown) : shown}`;
}
