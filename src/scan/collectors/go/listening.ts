import type { ListenRule } from "../compiled/listening.ts";

const HOST = String.raw`(?<host>[\w.-]{0,64}|\[[\da-f:]*\])`;
const PORT = String.raw`(?<port>\d{2,5})\b`;
const ADDRESS = `["\`](?:tcp://)?${HOST}:${PORT}["\`]`;
/** `"8080"`, `":8080"`, `"localhost:8080"`, `8080`. */
const VALUE = `["\`]?(?:${HOST}:)?${PORT}["\`]?`;
/** Only as a text: `":8080"`. */
const QUOTED = `["\`](?:${HOST}:)?${PORT}["\`]`;
const NAME = String.raw`[\w.-]{0,48}(?:port|addr|address|listen|bind|http)`;

function form(source: string, flags = "g"): RegExp {
  return new RegExp(source, flags);
}

/** How Go programs name their port, the surest form first. */
export const GO_LISTENING: readonly ListenRule[] = [
  {
    id: "listen",
    pattern: form(
      String.raw`(?:\.(?:ListenAndServe(?:TLS)?|Run(?:TLS)?|Start(?:TLS|AutoTLS)?|Listen(?:TLS)?)|iris\.Addr)\(\s*(?:[\w.]+\(\)\s*,\s*)?${ADDRESS}`,
    ),
  },
  { id: "listen", pattern: form(String.raw`\.Listen\(\s*${PORT}`) },
  { id: "server-address", pattern: form(String.raw`http\.Server\s*\{[^{}]{0,400}?\bAddr:\s*${ADDRESS}`) },
  {
    id: "environment",
    pattern: form(
      String.raw`\b\w{0,32}(?:env|get|or|default)\w{0,32}\(\s*(?:[\w.]+\s*,\s*)?"\w{0,32}(?:PORT|ADDR|ADDRESS|LISTEN)"\s*,\s*${VALUE}`,
      "gi",
    ),
  },
  {
    id: "environment",
    pattern: form(String.raw`cmp\.Or\(\s*os\.Getenv\(\s*"\w{0,32}(?:PORT|ADDR|ADDRESS)"\s*\)\s*,\s*${VALUE}`),
  },
  {
    id: "environment",
    pattern: form(
      String.raw`(?:Getenv|LookupEnv)\(\s*"\w{0,32}(?:PORT|ADDR|ADDRESS)"\s*\)[\s\S]{0,240}?(?:\b\w{0,32}(?:port|addr)\w{0,32}\s*:?=\s*${VALUE}|return\s*${QUOTED})`,
      "gi",
    ),
  },
  { id: "default", pattern: form(String.raw`SetDefault\(\s*"${NAME}"\s*,\s*${VALUE}`, "gi") },
  {
    id: "flag",
    pattern: form(
      String.raw`\.(?:Int|Uint|String)(?:\d\d)?(?:Var)?P?\(\s*(?:&[\w.]+\s*,\s*)?"${NAME}"\s*,\s*(?:"\w?"\s*,\s*)?${VALUE}`,
      "gi",
    ),
  },
  {
    id: "flag",
    pattern: form(
      String.raw`Flag\(\s*"${NAME}"[^)]{0,200}\)(?:\s*\.\w{1,32}\([^)]{0,200}\)){0,6}?\s*\.Default\(\s*${VALUE}`,
      "gi",
    ),
  },
  { id: "flag", pattern: form(String.raw`Flag\{[^{}]{0,300}?Name:\s*"${NAME}"[^{}]{0,300}?Value:\s*${VALUE}`, "gi") },
  {
    id: "tag",
    pattern: form(
      String.raw`\b\w{0,32}(?:port|addr|address)\w{0,32}\s+[\w.]{1,64}\s+\x60[^\x60]{0,200}?default(?::"|=):?(?:[\w.-]{0,64}:)?${PORT}`,
      "gi",
    ),
  },
  {
    id: "constant",
    loose: true,
    pattern: form(
      String.raw`\b(?:default|server|http|listen|web|api|app|service)?_?(?:port|addr|address)(?:\s+(?:string|int|uint16))?\s*:?=\s*${VALUE}`,
      "gi",
    ),
  },
  {
    id: "constant",
    loose: true,
    confidence: 0.6,
    pattern: form(String.raw`\b(?:Port|Addr|Address|ListenAddr):\s*${VALUE}`),
  },
  { id: "listen", pattern: form(String.raw`\bListen\(\s*"tcp[46]?"\s*,\s*${ADDRESS}`) },
  {
    id: "listen",
    pattern: form(String.raw`Sprintf\(\s*"(?:[\w.-]{0,64}|%s):%[dsv]"\s*,\s*(?:[\w.]+\s*,\s*)?"?${PORT}`),
  },
];
