import { shellCommands } from "../scan/command-line.ts";

/** What servers that listen on loopback, or on a port of their own, are told; the flags say that people told them themselves. */
const SERVERS: Record<string, { flags: RegExp; add: (port: string) => string }> = {
  gunicorn: { flags: /^(?:-b|--bind|-c|--config)/, add: (port) => `--bind 0.0.0.0:${port}` },
  uvicorn: { flags: /^(?:--host|--uds|--fd)/, add: (port) => `--host 0.0.0.0 --port ${port}` },
  hypercorn: { flags: /^(?:-b|--bind|-c|--config)/, add: (port) => `--bind 0.0.0.0:${port}` },
  daphne: { flags: /^(?:-b|--bind|-e|--endpoint|-u)/, add: (port) => `-b 0.0.0.0 -p ${port}` },
  "flask run": { flags: /^(?:-h|--host)/, add: (port) => `--host 0.0.0.0 --port ${port}` },
  rackup: { flags: /^(?:-o|--host)/, add: (port) => `--host 0.0.0.0 --port ${port}` },
  "rails server": { flags: /^(?:-b|--binding)/, add: (port) => `-b 0.0.0.0 -p ${port}` },
  "rails s": { flags: /^(?:-b|--binding)/, add: (port) => `-b 0.0.0.0 -p ${port}` },
  "php artisan serve": { flags: /^--host/, add: (port) => `--host 0.0.0.0 --port ${port}` },
  "vite preview": { flags: /^--host/, add: (port) => `--host 0.0.0.0 --port ${port}` },
  "astro preview": { flags: /^--host/, add: (port) => `--host 0.0.0.0 --port ${port}` },
};
const PORT_FLAG = /\s(?:-p|--port)(?:[ =]\S+)/;

/** A start command whose server can be reached from outside its container, and takes the port from outside. */
export function listeningStart(start: string, port: number | null, configured = false): string {
  if (port === null) return start;
  // Without a port from outside a program that reads none of its own would get an empty word.
  const given = start.replace(/\$\{PORT\}|\$PORT\b/g, () => `\${PORT:-${port}}`);
  return configured ? given : told(given, port);
}

function told(start: string, port: number): string {
  const commands = shellCommands(start);
  const argv = commands.at(-1)?.argv ?? [];
  const words = argv[0] === "bundle" && argv[1] === "exec" ? argv.slice(2) : argv;
  const text = words.map((word) => word.replace(/^(?:\.\/)?bin\//, "")).join(" ");
  const [name] = Object.keys(SERVERS).filter((server) => text === server || text.startsWith(`${server} `));
  const server = SERVERS[name ?? ""];
  if (!server || words.some((word) => server.flags.test(word))) return start;
  const given = PORT_FLAG.exec(start);
  const bare = given ? start.replace(given[0], "") : start;
  const literal = /(\d{2,5})\}?$/.exec(given?.[0] ?? "")?.[1];
  return `${bare} ${server.add(`\${PORT:-${literal ?? port}}`)}`;
}
