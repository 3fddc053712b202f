import type { ListenRule } from "../compiled/listening.ts";

const HOST = String.raw`(?<host>\d{1,3}(?:\.\d{1,3}){3}|localhost|\[[:\da-f]*\])`;
const PORT = String.raw`(?<port>\d{2,5})(?!\d)`;
const VALUE = String.raw`(?:[\w:]+(?:\(|!\())*"?(?:${HOST}:)?${PORT}`;
const FIELD = String.raw`\w{0,32}(?:port|addr|address|listen|bind)`;

/** How Rust programs name their port, the surest form first. */
export const RUST_LISTENING: readonly ListenRule[] = [
  {
    id: "environment",
    pattern: new RegExp(
      String.raw`\b(?:var|env)\(\s*"\w{0,32}(?:PORT|ADDR|ADDRESS)"\s*\)(?:(?!\bvar\()[^;]){0,240}?(?:unwrap_or(?:_else)?|or_else|map_or(?:_else)?|or|Err\(_\)\s*=>|_\s*=>|else\s*\{)\s*\(?\s*(?:\|\w*\|\s*)?\{?\s*${VALUE}`,
      "g",
    ),
  },
  { id: "address", pattern: new RegExp(`"${HOST}:${PORT}"`, "g") },
  {
    id: "address",
    pattern: new RegExp(
      String.raw`\(\s*\[\s*(?<host>\d+(?:\s*,\s*\d+){3}|0(?:\s*,\s*0){7})\s*\]\s*,\s*${PORT}\s*\)`,
      "g",
    ),
  },
  { id: "address", pattern: new RegExp(String.raw`\(\s*"(?<host>[\d.]+|localhost|::)"\s*,\s*${PORT}\s*\)`, "g") },
  {
    id: "address",
    pattern: new RegExp(
      String.raw`Ipv[46]Addr::(?:UNSPECIFIED|LOCALHOST|new\([^)]*\))\s*(?:\.into\(\)\s*)?\)?\s*,\s*${PORT}`,
      "g",
    ),
  },
  {
    id: "flag",
    pattern: new RegExp(
      String.raw`default(?:_value(?:_t)?)?\s*=\s*"?(?:${HOST}:)?${PORT}"?[^\]]{0,200}\]\s*(?:///[^\n]*\s*)?(?:pub\s+)?${FIELD}\s*:`,
      "gi",
    ),
  },
  {
    id: "default",
    pattern: new RegExp(
      String.raw`#\[default\(\s*(?:${HOST}:)?${PORT}\s*\)\]\s*(?:pub(?:\([^)]*\))?\s+)?${FIELD}\s*:`,
      "gi",
    ),
  },
  {
    id: "flag",
    pattern: new RegExp(
      String.raw`Arg::new\(\s*"${FIELD}"\s*\)[^;]{0,300}?\.default_value\(\s*"(?:${HOST}:)?${PORT}`,
      "gi",
    ),
  },
  { id: "default", pattern: new RegExp(String.raw`\bfn\s+${FIELD}\w{0,32}\(\s*\)\s*->\s*\w+\s*\{\s*${VALUE}`, "gi") },
  { id: "default", pattern: new RegExp(String.raw`(?:set_default|merge)\(\s*\(?\s*"[\w.]*port"\s*,\s*${VALUE}`, "gi") },
  {
    id: "constant",
    loose: true,
    pattern: new RegExp(
      String.raw`\b(?:const|static|let)\s+(?:mut\s+)?${FIELD}(?:\s*:\s*[&'\w\s]+)?\s*=\s*${VALUE}`,
      "gi",
    ),
  },
  { id: "constant", loose: true, confidence: 0.6, pattern: new RegExp(String.raw`\bport:\s*${PORT}\s*[,}]`, "g") },
];
