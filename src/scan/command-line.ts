/** One command of a line as a shell reads it. */
export interface ShellCommand {
  /** Assignments in front of the program: `NODE_ENV=production`. */
  env: Record<string, string>;
  /** The program and its arguments, quotes removed; variables stay as they are written. */
  argv: string[];
  /** What stands behind it: `&&`, `;`, `|`, `&`, `||` or nothing at the end. */
  separator: string;
}

const OPERATOR = /^(?:&&|\|\||[;|&\n])/;
/** What another command prints is a part of a word, whatever stands in it. */
const SUBSTITUTED = /^(?:\$\((?:[^()]|\([^()]*\))*\)|`[^`]*`)/;
const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;

/** Splits a line into its commands. Never throws: an open quote ends with the line. */
export function shellCommands(line: string): ShellCommand[] {
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = (separator: string) => {
    endWord();
    if (words.length > 0) commands.push({ ...assigned(words), separator });
    words = [];
  };
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] as string;
    const inner = char === "$" || char === "`" ? SUBSTITUTED.exec(line.slice(at))?.[0] : undefined;
    if (inner !== undefined) {
      word = (word ?? "") + inner;
      at += inner.length - 1;
      continue;
    }
    const operator = OPERATOR.exec(line.slice(at, at + 2))?.[0];
    // `2>&1` is no end of a command.
    if (operator && !(operator === "&" && /[<>]$/.test(word ?? ""))) {
      endCommand(operator);
      at += operator.length - 1;
    } else if (/\s/.test(char)) endWord();
    else if (char === "'" || char === '"') {
      const end = line.indexOf(char, at + 1);
      const close = end === -1 ? line.length : end;
      word = (word ?? "") + line.slice(at + 1, close);
      at = close;
    } else if (char === "\\" && at + 1 < line.length) {
      at += 1;
      word = (word ?? "") + (line[at] === "\n" ? "" : line[at]);
    } else word = (word ?? "") + char;
  }
  endCommand("");
  return commands;
}

function assigned(words: readonly string[]): Pick<ShellCommand, "env" | "argv"> {
  const first = words.findIndex((word) => !ASSIGNMENT.test(word));
  const count = first === -1 ? words.length : first;
  const env = Object.fromEntries(
    words.slice(0, count).map((word) => {
      const [, name = "", value = ""] = ASSIGNMENT.exec(word) ?? [];
      return [name, value];
    }),
  );
  return { env, argv: words.slice(count) };
}

const PORT_FLAGS = new Set(["-p", "--port", "--http-port", "--listen-port", "--server.port", "-Dserver.port"]);
const ADDRESS_FLAGS = new Set(["-b", "--bind", "--listen", "-l", "--address", "--addr", "--urls", "--http"]);
const HOST_FLAGS = new Set(["-h", "-H", "--host", "--hostname", "--ip", "-o"]);

/** The port and the address that the arguments of a program name, numbers only: `--port 3000`, `-b 0.0.0.0:8000`, `--port=80`, `${PORT:-3000}`. */
export function listenFlags(argv: readonly string[]): { port?: number; host?: string } {
  const found: { port?: number; host?: string } = {};
  for (const [index, word] of argv.entries()) {
    const [, flag = word, inline] = /^(-[^=]*)=(.*)$/s.exec(word) ?? [];
    const value = inline ?? argv[index + 1] ?? "";
    if (PORT_FLAGS.has(flag)) found.port ??= portOf(value);
    else if (HOST_FLAGS.has(flag) && /^(?!-)[\w.:[\]-]+$/.test(value) && !/^\d+$/.test(value)) found.host ??= value;
    else if (ADDRESS_FLAGS.has(flag) && /^\d+$/.test(value)) found.port ??= portOf(value);
    else if (ADDRESS_FLAGS.has(flag)) {
      const [, host, port] = /^(?:\w+:\/\/)?([^:/]*|\[[^\]]*\])?:?(\$\{?\w+(?::-\d+)?\}?|\d+)\/?$/.exec(value) ?? [];
      if (port !== undefined) found.port ??= portOf(port);
      if (host) found.host ??= host;
    }
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** A port as it is written in commands and code: `3000`, `${PORT:-3000}`; undefined for others. */
export function portOf(text: string): number | undefined {
  const digits = /^(?:\$\{\w+:?-)?(\d{1,5})\}?$/.exec(text.trim())?.[1];
  const port = digits === undefined ? Number.NaN : Number(digits);
  return port > 0 && port < 65_536 ? port : undefined;
}
