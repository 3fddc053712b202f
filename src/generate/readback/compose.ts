import { isRecord, listAt, recordAt, stringAt } from "../../formats/document.ts";
import { parseYaml } from "../../formats/yaml.ts";
import type { Plan, PlannedService } from "../plan.ts";
import { atRun, type Claim, type Said, type Wiring } from "./claim.ts";
import { probeClaims } from "./probe.ts";

/** Ports, checks, images and variables of the services in a Compose file. */
export function saidByCompose(_path: string, text: string, { services }: Plan): Said {
  const document = parseYaml(text);
  const entries = recordAt(document.value, ["services"]);
  const claims: Claim[] = [];
  const wirings: Wiring[] = [];
  for (const service of services)
    for (const name of containersOf(service)) {
      const entry = entries[name];
      if (!isRecord(entry)) continue;
      const line = (key: string) => document.place(["services", name, key])?.line ?? 1;
      const environment = variablesIn(entry.environment);
      wirings.push({
        service: service.name,
        names: Object.keys(environment),
        wanted: atRun,
        line: line("environment"),
      });
      const image = stringAt(entry, ["image"]);
      const plain = image === undefined ? undefined : (/^\$\{\w+:-(.+)\}$/.exec(image)?.[1] ?? image);
      if (plain !== undefined && !plain.includes("$"))
        claims.push({ service: service.name, field: "image", value: plain, line: line("image") });
      if (name !== service.name) continue;
      const port = environment.PORT;
      if (port !== undefined && /^\d+$/.test(port))
        claims.push({ service: service.name, field: "port", value: port, line: line("environment") });
      for (const target of publishedTargets(entry))
        claims.push({ service: service.name, field: "port", value: target, line: line("ports") });
      const test = listAt(entry, ["healthcheck", "test"]).map(String);
      claims.push(...probeClaims(service.name, test, line("healthcheck")));
    }
  return { claims, wirings };
}

/** The containers that run the code of a service. */
function containersOf({ name, processes, migrations }: PlannedService): string[] {
  return [name, ...processes.map((process) => `${name}-${process.name}`), ...(migrations ? [`${name}-migrate`] : [])];
}

function variablesIn(environment: unknown): Record<string, string> {
  if (Array.isArray(environment))
    return Object.fromEntries(
      environment.map((item) => {
        const [name = "", ...value] = String(item).split("=");
        return [name, value.join("=")];
      }),
    );
  return Object.fromEntries(
    Object.entries(isRecord(environment) ? environment : {}).map(([name, value]) => [name, String(value ?? "")]),
  );
}

/** The first port is the one that requests come to; people may open more. */
function publishedTargets(entry: Record<string, unknown>): string[] {
  const [first] = listAt(entry, ["ports"]);
  const target = isRecord(first) ? stringAt(first, ["target"]) : /(\d+)(?:\/\w+)?$/.exec(String(first ?? ""))?.[1];
  return target === undefined ? [] : [target];
}
