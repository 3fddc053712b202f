import { stringAt } from "../../../formats/document.ts";
import type { CommandRole } from "../../tables/javascript-programs.ts";
import { inside } from "./built.ts";
import { expandLine } from "./commands/expand.ts";
import { launchOf } from "./commands/launch.ts";
import { entryOf, runLine, works } from "./entry.ts";
import { isImported } from "./imported.ts";
import type { Project } from "./project.ts";
import { isClient } from "./sites/bundle.ts";
import type { Question, Start } from "./started.ts";

/** How a package is started that no script starts: by its usual file, where that is a program. */
export function startFromEntry({ project, framework, runtime, library }: Question): Start | undefined {
  const { exists, view, at } = project;
  const named = (command: string, file: string): Start => ({
    command,
    source: "convention",
    confidence: 0.7,
    at: [view.seen(view.path(file) ?? file, 1, "entry")],
    program: "node",
    entry: view.path(file),
    static: false,
  });
  if (framework?.row.id === "adonis") {
    const rows = [
      ["bin/server.ts", "node build/bin/server.js"],
      ["server.ts", "node build/server.js"],
      ["server.js", "node server.js"],
    ] as const;
    const row = rows.find(([file]) => exists(file));
    return row && named(row[1], row[0]);
  }
  const entry = entryOf(project);
  if (!entry) return undefined;
  if (framework?.row.id === "nest" && inside(project, entry.file) === "src/main.ts")
    return { ...named("node dist/main", "src/main.ts"), confidence: 0.8 };
  const server = framework?.row.role === "server";
  const client = isClient(project) ?? (isPageCode(project, entry.file) ? "browser" : undefined);
  if (client === "device" || (client === "browser" && !entry.serves)) {
    view.miss(
      "start",
      `${client === "device" ? "is a program for people's machines" : "is code for browsers"}`,
      entry.at,
    );
    return undefined;
  }
  // A package of a workspace that nothing starts is there for the others.
  if ((library || project.workspace) && !server && !entry.serves) return undefined;
  const line = runLine(project, entry.file, runtime);
  if (!line) return undefined;
  if (runtime !== "bun" && isImported(project, entry.file, library)) {
    view.miss("start", "only exports what others import", entry.at);
    return undefined;
  }
  // A file alone may be anything: it counts where it serves, works on, or is what the manifest names.
  const start = startRole(project);
  const declared =
    stringAt(project.manifest.data, ["main"]) !== undefined || (start !== undefined && start !== "development");
  const typed = /\.[cm]?ts$/.test(entry.file);
  const worth = entry.serves
    ? 0.8
    : works(project, entry.file)
      ? 0.7
      : declared && !typed
        ? 0.6
        : start === "development"
          ? 0.4
          : 0.5;
  if (handles(project, entry.file) && !entry.serves && !(runtime === "bun" && server)) {
    view.miss("start", "exports a handler that a host calls", entry.at);
    return undefined;
  }
  return {
    command: line.command,
    source: "convention",
    confidence: line.sure ? worth : worth - 0.25,
    at: [entry.at, ...(entry.serves ? [] : [at([], "no-start-script")])],
    program: line.command.split(" ")[0] ?? "node",
    entry: entry.file,
    static: false,
  };
}

const PAGE =
  /\b(?:document\.(?:body|head|querySelector|getElementBy|createElement|addEventListener)|window\.(?:addEventListener|location|document|onload))/;
const NODE = /\bprocess\.(?:env|argv|on|exit)\b|\b__dirname\b|["'](?:node:\w+|fs|http|path|puppeteer|playwright)["']/;

/** Code that works on a page, and asks nothing of Node. */
function isPageCode({ view }: Project, file: string): boolean {
  const masked = view.snapshot.code(file, "javascript");
  return masked !== undefined && PAGE.test(masked.bare) && !NODE.test(masked.code);
}

/** What the start script does: one that only watches sources says nothing of a program. */
function startRole({ view, manifest }: Project): CommandRole | undefined {
  const line = manifest.scripts.get("start");
  return line === undefined
    ? undefined
    : (launchOf(view.snapshot, expandLine(view.snapshot, line, view.unit.path))?.role ?? "step");
}

/** Functions that a host calls have no program of their own. */
function handles({ view, has }: Project, file: string): boolean {
  const code = view.snapshot.code(file, "javascript")?.code ?? "";
  return (
    /\bexports\.handler\s*=|\bexport\s+(?:const|async function|function)\s+handler\b|\bexport\s+default\s+(?!\{\s*name)/.test(
      code,
    ) || ["wrangler", "serverless", "aws-cdk", "@cloudflare/workers-types"].some((name) => has(name) !== undefined)
  );
}
