import { parseDotenv } from "../../../formats/dotenv.ts";
import type { Kind } from "../../kind.ts";
import type { Plan, PlannedVariable } from "../../plan.ts";

const PATH = ".env.example";
const TITLES = {
  config: "Settings",
  secret: "Secrets: never commit their values",
  public: "Compiled into pages: everybody can read these",
} as const;
/** Set by the platform or by Stationmaster. */
const SKIPPED = "provided";

/** All variables of the application with what they are for, and no real value. */
export const envExample: Kind = {
  id: "env-example",
  title: "list of variables",
  wanted: ({ services }) => services.some(({ env }) => env.length > 0),
  render(plan) {
    return [
      {
        path: PATH,
        text: text(plan),
        ownership: "managed",
        why: "every variable the code reads; copy it to .env and fill it in",
      },
    ];
  },
};

function text(plan: Plan): string {
  const samples = new Map(parseDotenv(plan.tree.text(PATH) ?? "").map((entry) => [entry.key, entry]));
  const variables = inventory(plan);
  const parts = (Object.keys(TITLES) as (keyof typeof TITLES)[]).flatMap((kind) => {
    const some = variables.filter((variable) => variable.class === kind);
    return some.length === 0
      ? []
      : [`# ${TITLES[kind]}\n${some.map((variable) => lines(variable, samples.get(variable.name))).join("\n")}`];
  });
  return `${parts.join("\n\n")}\n`;
}

/** Each variable once, with the services that read it. */
function inventory({ services }: Plan): (PlannedVariable & { services: string[] })[] {
  const all = new Map<string, PlannedVariable & { services: string[] }>();
  for (const { name: service, env } of services)
    for (const variable of env) {
      if (variable.class === SKIPPED) continue;
      const known = all.get(variable.name);
      if (known) known.services.push(service);
      else all.set(variable.name, { ...variable, services: [service] });
    }
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function lines(
  variable: PlannedVariable & { services: string[] },
  sample: { value: string; comment: string } | undefined,
): string {
  const { name, required, services, store, default: value } = variable;
  const about =
    sample?.comment ||
    [services.join(", "), store ? `address of ${store}` : "", required ? "required" : "optional"]
      .filter(Boolean)
      .join("; ");
  const shown = variable.class === "secret" ? "" : (sample?.value ?? value ?? "");
  return `${about
    .split("\n")
    .map((line) => `# ${line}`)
    .join("\n")}\n${name}=${/[\s#]/.test(shown) ? JSON.stringify(shown) : shown}`;
}
