import type { Gap } from "../contract/scan.ts";
import { extensionOf } from "../formats/tree.ts";
import type { GeneratedFile } from "./kind.ts";
import type { Plan, PlannedService } from "./plan.ts";

/** What a kind adds to the code, and the gap that shows it is missing. */
const GAPS = { health: "no-health-route", logging: "no-json-logs" } as const;
export type CodeTopic = keyof typeof GAPS;

/** Frameworks whose application takes more at the end of the file that starts it; elsewhere a person chooses the place. */
const APPENDABLE = new Set(["express", "koa", "hono", "flask", "fastapi", "starlette", "sinatra"]);
const COMMENTS: Record<string, string> = {
  py: "#",
  rb: "#",
  ex: "#",
  exs: "#",
  sh: "#",
  yml: "#",
  yaml: "#",
  toml: "#",
  properties: "#",
};

interface Missing {
  service: PlannedService;
  gap: Gap & { patch: NonNullable<Gap["patch"]> };
}

/** Services that lack it, where the code that would add it is known. */
function missing(plan: Plan, topic: CodeTopic): Missing[] {
  return plan.services.flatMap((service) => {
    const gap = plan.gaps.find((one) => one.service === service.name && one.id === GAPS[topic]);
    return gap?.patch ? [{ service, gap: { ...gap, patch: gap.patch } }] : [];
  });
}

/** The code as a file of its own, to be read and moved: `ops/health/api.js`. */
export function codeFiles(plan: Plan, topic: CodeTopic): GeneratedFile[] {
  return missing(plan, topic).map(({ service, gap }) => {
    const extension = extensionOf(gap.patch.file) || "txt";
    const sign = COMMENTS[extension] ?? "//";
    const head = [
      `Written by stationmaster generate, once: ${gap.title}. ${gap.why}`,
      `It belongs into ${gap.patch.file}; \`stationmaster generate ${topic} --apply-code\` puts it there where that is safe.`,
    ];
    return {
      path: `ops/${topic}/${service.name}.${extension}`,
      text: `${head.map((line) => `${sign} ${line}`).join("\n")}\n\n${gap.patch.text}`,
      ownership: "seed",
      why: `${service.name}: ${gap.title}; the code that adds it`,
      notes: [
        `${service.name}: ${gap.title}. See ops/${topic}/${service.name}.${extension}; it belongs into ${gap.patch.file}`,
      ],
    };
  });
}

/** The code as a marked part of the files that start the services. */
export function codeEdits(plan: Plan, topics: readonly CodeTopic[]): GeneratedFile[] {
  const edits = topics
    .flatMap((topic) => missing(plan, topic))
    .filter(({ service }) => APPENDABLE.has(service.framework ?? ""));
  return [...Map.groupBy(edits, ({ gap }) => gap.patch.file)].map(([path, some]) => ({
    path,
    text: some.map(({ gap }) => gap.patch.text).join("\n"),
    ownership: "patch",
    why: some.map(({ gap }) => gap.title).join("; "),
    notes: [`${path} was changed: look at the marked part, install what it imports, and run the tests`],
  }));
}
