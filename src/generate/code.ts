import type { Gap } from "../contract/scan.ts";
import { extensionOf } from "../formats/tree.ts";
import { placeCode } from "./code-place.ts";
import type { GeneratedFile } from "./kind.ts";
import { regionIn } from "./merge/region.ts";
import type { Plan, PlannedService } from "./plan.ts";

/** What a kind adds to the code, and the gaps that show it is missing; the second part of a file's name tells them apart. */
const GAPS = {
  health: { "no-health-route": "", "no-graceful-stop": "-stop" },
  logging: { "no-json-logs": "" },
} as const;
export type CodeTopic = keyof typeof GAPS;
export const CODE_TOPICS = Object.keys(GAPS) as CodeTopic[];

/** Frameworks that take a file for a route because of its name: nothing has to know of it. */
const ROUTES_BY_NAME = new Set(["next", "nuxt", "sveltekit", "remix"]);
const SLASHES = new Set("js mjs cjs ts mts cts jsx tsx go rs java kt cs php swift scala".split(" "));

interface Missing {
  service: PlannedService;
  gap: Gap & { patch: NonNullable<Gap["patch"]> };
  topic: CodeTopic;
  /** The file that shows the code, to be read and moved. */
  path: string;
}

/** An edit of the application's own files. */
export interface CodeEdit {
  file: GeneratedFile & { topic: CodeTopic };
  /** Files that only show what is put in its place now. */
  replaces: string[];
}

/** Services that lack it, where the code that would add it is known. */
function missing(plan: Plan, topic: CodeTopic): Missing[] {
  return plan.services.flatMap((service) =>
    Object.entries(GAPS[topic]).flatMap(([id, suffix]) => {
      const gap = plan.gaps.find((one) => one.service === service.name && one.id === id);
      if (!gap?.patch) return [];
      const extension = extensionOf(gap.patch.file) || "txt";
      const path = `ops/${topic}/${service.name}${suffix}.${extension}`;
      return [{ service, gap: { ...gap, patch: gap.patch }, topic, path }];
    }),
  );
}

/** The code as a file of its own, to be read and moved: `ops/health/api.js`. */
export function codeFiles(plan: Plan, topic: CodeTopic): GeneratedFile[] {
  return missing(plan, topic).map(({ service, gap, path }) => ({
    path,
    text: withHead(
      [
        `Written by stationmaster generate, once: ${gap.title}. ${gap.why}`,
        `It belongs into ${gap.patch.file}; \`stationmaster generate ${topic} --apply-code\` puts it there where that is safe.`,
      ],
      path,
      gap.patch.text,
    ),
    ownership: "seed",
    why: `${service.name}: ${gap.title}; the code that adds it`,
    notes: [`${service.name}: ${gap.title}. See ${path}; it belongs into ${gap.patch.file}`],
  }));
}

function withHead(lines: readonly string[], path: string, text: string): string {
  const extension = extensionOf(path);
  const [before, after] =
    extension === "xml" || extension === "vue" ? ["<!-- ", " -->"] : [SLASHES.has(extension) ? "// " : "# ", ""];
  const head = lines.map((line) => `${before}${line}${after}`).join("\n");
  return text.startsWith("<?php\n") ? `<?php\n\n${head}\n${text.slice(6)}` : `${head}\n\n${text}`;
}

/**
 * The code in the files that start the services: where it is asked for, and where it was put before. A marked part below the
 * line that makes the application, or a file of its own. What has no safe place is not among it.
 */
export function codeEdits(plan: Plan, asked: readonly CodeTopic[]): CodeEdit[] {
  const all = CODE_TOPICS.flatMap((topic) => missing(plan, topic));
  return [...Map.groupBy(all, ({ gap }) => gap.patch.file)].flatMap(([path, some]) => {
    const current = plan.tree.text(path);
    const whole = newFile(some, current, asked);
    if (whole) return [whole];
    if (current === undefined) return [];
    const old = regionIn(path, current) ?? "";
    const own = current.replace(old, "");
    const placed = some.flatMap((one) => {
      const place = (code: string) => placeCode(one.service.framework ?? "", path, code, one.gap.patch.text);
      const found = place(own);
      if (found && old.includes(found.text)) return [{ ...one, place: found }];
      return found && asked.includes(one.topic) && place(current) ? [{ ...one, place: found }] : [];
    });
    const [first] = placed;
    if (!first) return [];
    const below = placed.find(({ place }) => place.below !== undefined)?.place.below;
    return [
      {
        file: {
          path,
          topic: first.topic,
          // What was put there before is the application's own by now.
          text: [old, ...placed.map(({ place }) => place.text).filter((text) => !old.includes(text))]
            .filter((text) => text.trim() !== "")
            .join("\n"),
          ownership: "patch",
          ...(below === undefined ? {} : { below }),
          why: placed.map(({ gap }) => gap.title).join("; "),
          notes: [`${path} was changed: look at the marked part, install what it imports, and run the tests`],
        },
        replaces: placed.map((one) => one.path),
      },
    ];
  });
}

/** A route that is a file: made where there is none, ours while it is as it was made. */
function newFile(
  some: readonly Missing[],
  current: string | undefined,
  asked: readonly CodeTopic[],
): CodeEdit | undefined {
  const [route] = some.filter(
    ({ topic, service }) => topic === "health" && ROUTES_BY_NAME.has(service.framework ?? ""),
  );
  if (!route) return undefined;
  const { path, topic, gap } = route;
  const { file, text } = gap.patch;
  const isThere = current !== undefined && regionIn(file, current)?.includes(text);
  if (!isThere && (current !== undefined || !asked.includes(topic))) return undefined;
  return { file: { path: file, topic, text, ownership: "patch", why: gap.title }, replaces: [path] };
}
