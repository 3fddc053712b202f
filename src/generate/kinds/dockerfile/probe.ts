import type { PlannedService } from "../../plan.ts";

/** How a container asks itself whether it is well. */
type HealthTool = "node" | "bun" | "deno" | "python" | "ruby" | "php" | "wget" | "busybox";

const PROBES: Record<HealthTool, (port: number, path: string) => readonly string[]> = {
  node: (port, path) => ["node", "-e", fetchProbe(`process.env.PORT||${port}`, path, "process.exit")],
  bun: (port, path) => ["bun", "-e", fetchProbe(`process.env.PORT||${port}`, path, "process.exit")],
  deno: (port, path) => ["deno", "eval", fetchProbe(`(Deno.env.get("PORT")||${port})`, path, "Deno.exit")],
  python: (port, path) => [
    "python",
    "-c",
    `import os,urllib.request as u;u.urlopen("http://127.0.0.1:"+os.environ.get("PORT","${port}")+"${path}",timeout=4)`,
  ],
  ruby: (port, path) => [
    "ruby",
    "-rnet/http",
    "-e",
    `exit Net::HTTP.get_response(URI("http://127.0.0.1:"+ENV.fetch("PORT","${port}")+"${path}")).code.to_i<400`,
  ],
  php: (port, path) => [
    "php",
    "-r",
    `exit(@file_get_contents("http://127.0.0.1:".(getenv("PORT")?:"${port}")."${path}")===false?1:0);`,
  ],
  busybox: (port, path) => [
    "sh",
    "-c",
    `busybox wget -q -T 4 -O /dev/null "http://127.0.0.1:\${PORT:-${port}}${path}"`,
  ],
  wget: (port, path) => ["sh", "-c", `wget -q -T 4 -O /dev/null "http://127.0.0.1:\${PORT:-${port}}${path}"`],
};

function fetchProbe(port: string, path: string, exit: string): string {
  return `fetch("http://127.0.0.1:"+(${port})+"${path}").then(r=>${exit}(r.ok?0:1),()=>${exit}(1))`;
}

/** The tool that the image of each runtime has for asking the program whether it is well. */
const TOOLS: Record<string, HealthTool> = {
  node: "node",
  bun: "bun",
  deno: "deno",
  python: "python",
  ruby: "ruby",
  php: "php",
  go: "wget",
  java: "wget",
  dotnet: "wget",
  static: "wget",
  rust: "busybox",
  elixir: "busybox",
};

/** The command by which a container of a service asks itself; undefined for one that no request reaches. */
export function probeCommand({ port, health, runtime, role }: PlannedService): readonly string[] | undefined {
  const tool = role === "static" ? "wget" : TOOLS[runtime.name];
  // A root page counts where there is no health route: an answer shows that the process serves.
  return port === null || tool === undefined ? undefined : PROBES[tool](port, health ?? "/");
}
