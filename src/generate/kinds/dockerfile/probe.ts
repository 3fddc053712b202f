import type { AnsweredHosts, PlannedService } from "../../plan.ts";

/** What a container asks itself with. */
type HealthTool = "node" | "bun" | "deno" | "python" | "ruby" | "php" | "wget" | "busybox" | "bash";

interface Question {
  port: number;
  /** Null where any answer shows that the program serves: not every program has a page at `/`. */
  path: string | null;
  /** The names it answers for, where not every name will do. */
  answered: AnsweredHosts | null;
}

const PROBES: Record<HealthTool, (question: Question) => readonly string[]> = {
  node: (question) => ["node", "-e", fetchProbe(question, "process.env.PORT", "process.exit")],
  bun: (question) => ["bun", "-e", fetchProbe(question, "process.env.PORT", "process.exit")],
  deno: (question) => ["deno", "eval", fetchProbe(question, 'Deno.env.get("PORT")', "Deno.exit")],
  python: ({ port, path, answered }) => [
    "python",
    "-c",
    `import http.client,os,sys;c=http.client.HTTPConnection("127.0.0.1",int(os.environ.get("PORT","${port}")),timeout=4);` +
      `c.request("GET","${path ?? "/"}"${answered ? `,headers={"Host":${asked(answered)}}` : ""});sys.exit(c.getresponse().status>=${limit(path)})`,
  ],
  ruby: ({ port, path }) => [
    "ruby",
    "-rnet/http",
    "-e",
    `exit Net::HTTP.get_response(URI("http://127.0.0.1:"+ENV.fetch("PORT","${port}")+"${path ?? "/"}")).code.to_i<${limit(path)}`,
  ],
  php: ({ port, path }) => [
    "php",
    "-r",
    `$c=stream_context_create(["http"=>["ignore_errors"=>true,"timeout"=>4]]);` +
      `$r=@file_get_contents("http://127.0.0.1:".(getenv("PORT")?:"${port}")."${path ?? "/"}",false,$c);` +
      `exit($r!==false&&(int)explode(" ",$http_response_header[0])[1]<${limit(path)}?0:1);`,
  ],
  busybox: (question) => ["sh", "-c", shellProbe(question, "busybox ")],
  wget: (question) => ["sh", "-c", shellProbe(question, "")],
  // Images of compilers have wget, and nothing that speaks to a port but the shell itself.
  bash: (question) =>
    question.path === null
      ? ["bash", "-c", `: < "/dev/tcp/127.0.0.1/\${PORT:-${question.port}}"`]
      : ["sh", "-c", shellProbe(question, "")],
};

/** In Python: the first of the names it answers for, one below it for a whole domain, the machine's own for any. */
function asked({ variable, separator, hosts: [first = "localhost"] }: AnsweredHosts): string {
  const name = first.replace(/^[.*]+/, "") || "localhost";
  return variable === null
    ? JSON.stringify(name)
    : `os.environ.get("${variable}","${name}").split("${separator}")[0].strip(" .*") or "localhost"`;
}

/** Statuses from here on are a failure: a health route says with 4xx that something is wrong, any other page that it is no page. */
function limit(path: string | null): number {
  return path === null ? 500 : 400;
}

function fetchProbe({ port, path }: Question, variable: string, exit: string): string {
  const url = `"http://127.0.0.1:"+(${variable}||${port})+"${path ?? "/"}"`;
  return `fetch(${url}).then(r=>${exit}(r.status<${limit(path)}?0:1),()=>${exit}(1))`;
}

/** wget takes every 4xx for a failure, so that a bare question has to do where there is no health route. */
function shellProbe({ port, path }: Question, prefix: string): string {
  if (path !== null) return `${prefix}wget -q -O /dev/null "http://127.0.0.1:\${PORT:-${port}}${path}"`;
  return `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | ${prefix}nc -w 4 127.0.0.1 "\${PORT:-${port}}" | grep -q HTTP`;
}

/** The tool that the image of each runtime has. */
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
  rust: "busybox",
  elixir: "busybox",
};

/**
 * The command by which a container of a service asks itself; undefined for one that no request reaches. While one works on pages
 * they come from the server of their tools instead of the one of the image.
 */
export function probeCommand(
  { port, health, runtime, role, answered }: PlannedService,
  { development = false } = {},
): readonly string[] | undefined {
  const pages = role === "static";
  const tool = pages && !development ? "wget" : development && runtime.name === "go" ? "bash" : TOOLS[runtime.name];
  if (port === null || tool === undefined) return undefined;
  return PROBES[tool]({ port, path: pages && !development ? (health ?? "/") : health, answered });
}
