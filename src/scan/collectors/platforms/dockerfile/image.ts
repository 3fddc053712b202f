import type { DockerfileInstruction } from "../../../../formats/dockerfile/instruction.ts";
import type { DockerfileDocument, DockerfileStage } from "../../../../formats/dockerfile/read.ts";
import { portOf } from "../../../command-line.ts";
import { imageRuntime } from "../images/runtimes.ts";

/** What the last stage makes: the image that is run. */
export interface Image {
  stage: DockerfileStage;
  /** Its stages from the lowest to the last. */
  chain: readonly DockerfileStage[];
  /** Image that the lowest stage begins with. */
  base: string;
  folder: string;
  entrypoint: DockerfileInstruction | undefined;
  command: DockerfileInstruction | undefined;
  all: readonly DockerfileInstruction[];
}

const ASIDE = /(?:^|[-_])(?:dev|devel|development|debug|test|tests|testing|lint|ci)(?:$|[-_])/i;

/** The image that is deployed: that of the last stage which is not for developers. */
export function finalImage({ stages }: DockerfileDocument): Image | undefined {
  const last = stages.at(-1);
  const stage =
    last?.name && ASIDE.test(last.name) ? (stages.findLast(({ name }) => !ASIDE.test(name ?? "")) ?? last) : last;
  if (!stage) return undefined;
  const chain = chainOf(stage, stages);
  const all = chain.flatMap(({ instructions }) => instructions);
  const entrypoint = all.findLast(({ keyword }) => keyword === "ENTRYPOINT");
  const command = all.findLast(({ keyword }) => keyword === "CMD");
  return {
    stage,
    chain,
    base: chain[0]?.image ?? "",
    folder: workingFolder(all),
    entrypoint: entrypoint && said(entrypoint) ? entrypoint : undefined,
    command: command && said(command) ? command : undefined,
    all,
  };
}

/** Stages below a stage, lowest first. */
function chainOf(stage: DockerfileStage, stages: readonly DockerfileStage[]): DockerfileStage[] {
  const below = stage.base === null ? undefined : stages[stage.base];
  return below ? [...chainOf(below, stages), stage] : [stage];
}

/** Stages that the image takes files from, those that they take from included. */
export function sourcesOf(stage: DockerfileStage, stages: readonly DockerfileStage[]): DockerfileStage[] {
  const found = new Set<DockerfileStage>();
  const visit = (at: DockerfileStage) => {
    for (const one of chainOf(at, stages)) {
      if (found.has(one)) continue;
      found.add(one);
      for (const { flags } of one.instructions) {
        const from = flags.find(({ name }) => name === "from")?.value;
        const other = stages.find(
          ({ name, index }) =>
            index < one.index && (name?.toLowerCase() === from?.toLowerCase() || String(index) === from),
        );
        if (from && other) visit(other);
      }
    }
  };
  visit(stage);
  return [...found];
}

/** The runtime of the image, or of the stages that built what it holds. */
export function runtimeOf({ stage, base }: Image, { stages }: DockerfileDocument) {
  const own = imageRuntime(base);
  if (own) return { runtime: own, line: chainOf(stage, stages)[0]?.line ?? 1, own: true };
  const built = sourcesOf(stage, stages).flatMap(({ image, line }) => {
    const runtime = imageRuntime(image);
    return runtime ? [{ runtime, line, own: false }] : [];
  });
  const names = new Set(built.map(({ runtime }) => runtime.name));
  // Assets of a server in another language are built with Node.
  if (names.size > 1) names.delete("node");
  return names.size === 1
    ? built.find(({ runtime }) => names.has(runtime.name) && runtime.version !== null)
    : undefined;
}

/** Ports that the image says it listens on; the one of `PORT` first, those for debuggers not at all. */
export function portsOf({ all, stage }: Image): { port: number; line: number }[] {
  const exposed = all.flatMap(({ keyword, expanded, line }) =>
    keyword === "EXPOSE" ? expanded.split(/\s+/).flatMap((word) => exposedPort(word, line)) : [],
  );
  const own = portOf(stage.env.PORT ?? "") ?? urlPort(stage.env);
  const line = all.findLast(
    ({ keyword, pairs }) =>
      keyword === "ENV" && pairs.some(({ name }) => name === "PORT" || name.startsWith("ASPNETCORE_")),
  )?.line;
  const usual = exposed.filter(({ port }) => !DEBUGGERS.has(port));
  const first = usual.filter(({ port }) => port === own);
  if (usual.length === 0) return own === undefined ? [] : [{ port: own, line: line ?? 1 }];
  return [...first, ...usual.filter((one) => !first.includes(one))];
}

/** `http://+:5000` of ASP.NET. */
function urlPort(env: Readonly<Record<string, string>>): number | undefined {
  const [, digits = ""] =
    /^(?:http:\/\/[^:;]*:)?(\d+)/.exec(env.ASPNETCORE_HTTP_PORTS ?? env.ASPNETCORE_URLS ?? "") ?? [];
  return portOf(digits);
}

const DEBUGGERS = new Set([22, 2345, 5005, 5678, 9003, 9229, 9230, 24678, 35729, 40000]);

function exposedPort(word: string, line: number): { port: number; line: number }[] {
  const [, digits = "", protocol = "tcp"] = /^["']?(\d+)(?:-\d+)?(?:\/(\w+))?["']?$/.exec(word) ?? [];
  const port = portOf(digits);
  return port === undefined || protocol.toLowerCase() !== "tcp" ? [] : [{ port, line }];
}

function workingFolder(all: readonly DockerfileInstruction[]): string {
  return all.reduce((folder, { keyword, expanded }) => {
    if (keyword !== "WORKDIR") return folder;
    const path = expanded.replace(/^["']|["']$/g, "").replace(/(?<=.)\/+$/, "");
    return path.startsWith("/") || /^[$]/.test(path)
      ? path
      : `${folder === "/" ? "" : folder}/${path.replace(/^\.\//, "")}`;
  }, "/");
}

function said({ exec, argument }: DockerfileInstruction): boolean {
  return exec === null ? argument !== "" : exec.length > 0;
}

/** Paths that variables of the image hold, put in; ports and options stay as they are, since others set them. */
export function withPaths(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole: string, bare?: string, braced?: string) => {
    const value = env[bare ?? braced ?? ""];
    return value !== undefined && PATH.test(value) ? value : whole;
  });
}

const PATH = /^[\w@.-]*\/[\w@./-]*$|\.\w{2,4}$/;
