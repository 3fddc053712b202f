import { Project } from "@netlify/build-info";
import { NodeFS } from "@netlify/build-info/node";
import { analyser, FSProvider } from "@specfy/stack-analyser";
import { frameworkList } from "@vercel/frameworks";
import { detectFramework, LocalFileSystemDetector } from "@vercel/fs-detectors";
import linguist from "linguist-js";
import { openFolder } from "../../src/scan/open.ts";
import { scan } from "../../src/scan/scan.ts";

/** What a tool says of a folder; undefined where it does not tell such a thing at all. */
export interface Answer {
  language?: string | null;
  framework?: string | null;
}

export interface Tool {
  name: string;
  ask(folder: string): Promise<Answer>;
}

/** Names of others, as they are called here. */
const SAME: Record<string, string> = {
  nextjs: "next",
  nestjs: "nest",
  springboot: "spring-boot",
  "react-vite": "vite",
  dotnet: "aspnet-core",
  "net-core": "aspnet-core",
  "ruby-on-rails": "rails",
  actixweb: "actix",
};

function idOf(name: string | undefined | null): string | null {
  if (!name) return null;
  const id = name.toLowerCase().replace(/[\s._]+/g, "-");
  return SAME[id] ?? id;
}

const most = (counts: Record<string, number>): string | null =>
  Object.entries(counts).sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;

/** This scanner and those that answer some of its questions, each in this process. */
export const TOOLS: readonly Tool[] = [
  {
    name: "stationmaster",
    async ask(folder) {
      const [service] = scan(openFolder(folder)).services;
      return { language: service?.languages[0] ?? null, framework: service?.framework ?? null };
    },
  },
  {
    name: "linguist-js 2.9.2",
    async ask(folder) {
      const { languages } = await linguist(folder, { categories: ["programming", "markup"], quick: false });
      return {
        language: most(Object.fromEntries(Object.entries(languages.results).map(([name, { bytes }]) => [name, bytes]))),
      };
    },
  },
  {
    name: "@specfy/stack-analyser 1.27.3",
    async ask(folder) {
      await import("@specfy/stack-analyser/dist/autoload.js");
      const parts = partsOf(await analyser({ provider: new FSProvider({ path: folder }) }));
      const counts: Record<string, number> = {};
      for (const [name, count] of parts.flatMap(({ languages }) => Object.entries(languages)))
        counts[name] = (counts[name] ?? 0) + count;
      const ids = parts.flatMap(({ techs }) => [...techs].map(idOf));
      return { language: most(counts), framework: ids.find((id) => id !== null && FRAMEWORKS.has(id)) ?? null };
    },
  },
  {
    name: "@netlify/build-info 11.3.0",
    async ask(folder) {
      const files = new NodeFS();
      files.cwd = folder;
      const [first] = (await new Project(files, folder).detectFrameworks()) ?? [];
      return { framework: idOf(first?.id) };
    },
  },
  {
    name: "@vercel/fs-detectors 7.7.3",
    async ask(folder) {
      return { framework: idOf(await detectFramework({ fs: new LocalFileSystemDetector(folder), frameworkList })) };
    },
  },
];

interface Part {
  languages: Record<string, number>;
  techs: Set<string>;
  childs: Part[];
}

/** A result and the components found in it. */
function partsOf(part: Part): Part[] {
  return [part, ...part.childs.flatMap(partsOf)];
}

/** A tool that lists all technologies is asked for the framework among them. */
const FRAMEWORKS = new Set(
  "express next vite nest fastapi django flask gin axum spring-boot rails laravel aspnet-core phoenix hugo".split(" "),
);
