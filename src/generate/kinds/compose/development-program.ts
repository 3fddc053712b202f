import type { Plan, PlannedService } from "../../plan.ts";
import type { ImageBuild } from "../dockerfile/stages.ts";
import { nodeProcess, nodeServer, withPackages } from "./development-node.ts";
import { goRunning, phpProgram, pythonProgram, rubyProgram } from "./development-other.ts";
import { REBUILT, type Running } from "./running.ts";

interface Site {
  plan: Plan;
  build: ImageBuild;
}

/** How the program of a service runs while one works on it. */
export function serverRunning(service: PlannedService, { plan, build }: Site): Running {
  const { runtime, start, port, role } = service;
  if (runtime.name === "php" && build.stages.length > 0) return phpProgram(start, role === "http");
  if (!build.stages.includes("build")) return REBUILT;
  if (["node", "bun"].includes(runtime.name)) return nodeServer(service, plan.tree);
  if (runtime.name === "dotnet" && port !== null)
    return { command: `dotnet watch run --urls http://0.0.0.0:${port}`, takes: "itself" };
  if (role === "static") return REBUILT;
  if (runtime.name === "go") return goRunning(start, service, plan);
  if (start === null) return REBUILT;
  if (runtime.name === "python") return pythonProgram(start, service, plan, true);
  return runtime.name === "ruby" ? rubyProgram(start, service, true) : REBUILT;
}

/** The same of a further program of its image. */
export function processRunning(
  process: PlannedService["processes"][number],
  service: PlannedService,
  { plan, build }: Site,
): Running {
  const { runtime } = service;
  const asItIs: Running = { command: process.command, takes: "rebuild" };
  if (runtime.name === "php" && build.stages.length > 0) return phpProgram(process.command, false);
  if (!build.stages.includes("build")) return asItIs;
  if (["node", "bun"].includes(runtime.name)) {
    const running = nodeProcess(process, service, plan.tree);
    return running.command === undefined ? asItIs : running;
  }
  if (runtime.name === "go") {
    const running = goRunning(process.command, service, plan);
    return running.command === undefined ? asItIs : running;
  }
  if (runtime.name === "python") return pythonProgram(process.command, service, plan, false);
  return runtime.name === "ruby" ? rubyProgram(process.command, service, false) : asItIs;
}

/** Migrations, with the sources as they are now where the stage that builds has what runs them. */
export function migrationRunning(command: string, service: PlannedService, { plan, build }: Site): Running {
  const { runtime } = service;
  if (runtime.name === "php" && build.stages.length > 0) return phpProgram(command, false);
  // A tool that the image is given is in its last stage alone.
  if (build.stages.includes("build") && !build.stages.includes("migrator")) {
    if (["node", "bun"].includes(runtime.name)) return { command: withPackages(command, service), takes: "itself" };
    if (runtime.name === "python") return pythonProgram(command, service, plan, false);
    if (runtime.name === "ruby") return rubyProgram(command, service, false);
  }
  return { command, takes: "rebuild" };
}
