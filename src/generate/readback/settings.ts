import { isRecord, listAt, recordAt, stringAt } from "../../formats/document.ts";
import { parseDotenv } from "../../formats/dotenv.ts";
import { parseJson } from "../../formats/json.ts";
import { parseYaml } from "../../formats/yaml.ts";
import type { Plan } from "../plan.ts";
import type { Claim, Said, Wiring } from "./claim.ts";

/** Health paths and variables of the services that Railway's file defines. */
export function saidByRailway(_path: string, text: string, { services }: Plan): Said {
  const said: Said = { claims: [], wirings: [] };
  for (const { name: service } of services) {
    const start = text.indexOf(`service(${JSON.stringify(service)}, {`);
    if (start === -1) continue;
    const next = text.indexOf("\n  const ", start);
    const part = text.slice(start, next === -1 ? text.length : next);
    const line = text.slice(0, start).split("\n").length;
    const health = /\bhealthcheck:\s*"([^"]*)"/.exec(part)?.[1];
    if (health !== undefined) said.claims.push({ service, field: "health", value: health, line });
    const names = [...part.matchAll(/\b([A-Za-z_]\w*)["']?\s*:/g)].map(([, name = ""]) => name);
    said.wirings.push({ service, names, wanted: ({ class: kind }) => kind !== "provided", line });
  }
  return said;
}

/** Where Prometheus asks each service for its metrics. */
export function saidByPrometheus(_path: string, text: string, { services }: Plan): Said {
  const document = parseYaml(text);
  const claims = listAt(document.value, ["scrape_configs"]).flatMap((job, index): Claim[] => {
    const service = services.find(({ name }) => name === stringAt(job, ["job_name"]))?.name;
    if (service === undefined) return [];
    const line = document.place(["scrape_configs", index])?.line ?? 1;
    const path = stringAt(job, ["metrics_path"]);
    const [target] = listAt(job, ["static_configs"]).flatMap((group) =>
      isRecord(group) ? listAt(group, ["targets"]) : [],
    );
    const port = /:(\d+)$/.exec(String(target ?? ""))?.[1];
    return [
      ...(path === undefined ? [] : [{ service, field: "metrics" as const, value: path, line }]),
      ...(port === undefined ? [] : [{ service, field: "port" as const, value: port, line }]),
    ];
  });
  return { claims, wirings: [] };
}

/** The folder of the pages, and variables where they are listed, in what Vercel reads of a service. */
export function saidByVercel(path: string, text: string, { services }: Plan): Said {
  const document = parseJson(text);
  const folder = path.replace(/\/?vercel\.json$/, "") || ".";
  const said: Said = { claims: [], wirings: [] };
  const [service, ...more] = services.filter((one) => one.path === folder);
  if (!service || more.length > 0) return said;
  const line = (...at: string[]) => document.place(at)?.line ?? 1;
  const output = stringAt(document.value, ["outputDirectory"]);
  if (output !== undefined)
    said.claims.push({ service: service.name, field: "output", value: output, line: line("outputDirectory") });
  for (const [at, phase] of [
    [["env"], "run"],
    [["build", "env"], "build"],
  ] as const) {
    const names = Object.keys(recordAt(document.value, at));
    // Usually they are set with Vercel and not listed at all.
    if (names.length > 0)
      said.wirings.push({
        service: service.name,
        names,
        wanted: (variable) => variable.class !== "provided" && variable.required && variable.phase === phase,
        line: line(...at),
      });
  }
  return said;
}

/** Every variable of every service has its line. */
export function saidByEnvExample(_path: string, text: string, { services }: Plan): Said {
  const names = parseDotenv(text).map(({ key }) => key);
  const told = [...text.matchAll(/^\s*#\s*([A-Z][A-Z\d_]+)\s*=/gm)].map(([, name = ""]) => name);
  const wirings = services.map(
    ({ name: service }): Wiring => ({
      service,
      names: [...names, ...told],
      wanted: ({ class: kind }) => kind !== "provided",
      line: 1,
    }),
  );
  return { claims: [], wirings };
}
