import { targetNames } from "../kinds/target-names.ts";
import { buildVariables, imageVariable, smokeService } from "../pipeline/release.ts";
import type { Plan, PlannedService } from "../plan.ts";
import type { Claim, Said, Wiring } from "./claim.ts";

/** A build of an image, from the file that tells its digest to the folder it is built from. */
const BUILD = /docker buildx build\b[^\n]*\\\\?\n(?:[^\n]*\\\\?\n)*[^\n]*/g;
const SECRET_FILE = /secrets\/([A-Za-z_]\w*)"/g;

/** Images, build arguments, secrets and the path of the smoke test in a pipeline, whichever runs it. */
export function saidByPipeline(_path: string, text: string, plan: Plan): Said {
  const lineAt = (at: number) => text.slice(0, at).split("\n").length;
  const renamed = targetNames(plan).services;
  const said: Said = { claims: [], wirings: [] };
  for (const [index, service] of plan.services.entries()) {
    const called = renamed[index] ?? service;
    for (const [image, at] of imagesOf(text, called))
      said.claims.push({ service: service.name, field: "image", value: image, line: lineAt(at) });
    for (const match of text.matchAll(BUILD)) {
      if (!match[0].includes(`$WORK/${called.name}.json`)) continue;
      const names = [...match[0].matchAll(/--build-arg (\w+)/g)].map(([, name = ""]) => name);
      const compiled = new Set(buildVariables(service));
      const wanted: Wiring["wanted"] = ({ name }) => compiled.has(name);
      said.wirings.push({ service: service.name, names, wanted, line: lineAt(match.index) });
    }
  }
  said.claims.push(...smokeClaims(text, plan, lineAt));
  said.wirings.push(...secretFiles(text, plan, lineAt));
  return said;
}

/** Where the image of a service is said: with the digest it is deployed by, with the tag it is pushed as, as the one that kustomize replaces. */
function imagesOf(text: string, service: PlannedService): [image: string, at: number][] {
  const variable = imageVariable(service);
  const forms = [
    new RegExp(`\\b${variable}(?:=|: )"?([^\\s"$@]+)@`, "g"),
    new RegExp(`\\$WORK/${service.name}\\.json" \\\\\\\\?\\n(?:[^\\n]*\\\\\\\\?\\n)*?[^\\n]*--tag "([^\\s"$]+):`, "g"),
    new RegExp(`"([^\\s"$=]+)=\\$${variable}"`, "g"),
  ];
  return forms.flatMap((form) =>
    [...text.matchAll(form)].map((match): [string, number] => [match[1] ?? "", match.index + match[0].length]),
  );
}

function smokeClaims(text: string, plan: Plan, lineAt: (at: number) => number): Claim[] {
  const service = smokeService(plan);
  if (service?.role !== "http") return [];
  return [...text.matchAll(/"\$APP_URL(\/[^"\s]*)"/g)].map(({ 1: value = "", index }) => ({
    service: service.name,
    field: "health",
    value,
    line: lineAt(index),
  }));
}

/** Servers get secrets as files: each has one, or the application starts without it. */
function secretFiles(text: string, plan: Plan, lineAt: (at: number) => number): Wiring[] {
  const found = [...text.matchAll(SECRET_FILE)];
  const [first] = found;
  if (!first) return [];
  const names = found.map(([, name = ""]) => name);
  const wanted: Wiring["wanted"] = ({ class: kind, phase }) => kind === "secret" && phase === "run";
  return plan.services.map(({ name: service }) => ({ service, names, wanted, line: lineAt(first.index) }));
}
