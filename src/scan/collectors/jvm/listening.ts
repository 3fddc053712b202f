import type { ListenRule } from "../compiled/listening.ts";

const PORT = String.raw`(?<port>\d{2,5})\b`;
const HOST = String.raw`"(?<host>[\d.]+|localhost|::|\[::\])"`;

/** How programs in Java and Kotlin name their port, the surest form first. */
export const JVM_LISTENING: readonly ListenRule[] = [
  {
    id: "environment",
    pattern: new RegExp(
      String.raw`(?:getenv|getProperty|getOrDefault|env)\b\s*[(\[]\s*"[\w.]*(?:PORT|port)"[^;\n{}]{0,80}?(?:\?:|,|orElse\w*\(|\?\?|:)\s*(?:\(\)\s*->\s*)?"?${PORT}`,
      "g",
    ),
  },
  {
    id: "environment",
    pattern: /getenv\s*\(\s*"\w*PORT"\s*\)[^}]{0,200}?(?:=|return|:|else)\s*"?(?<port>80|\d{4,5})\b/g,
  },
  {
    id: "listen",
    pattern: new RegExp(
      String.raw`\bembeddedServer\s*\(\s*(?:factory\s*=\s*)?\w+\s*,(?:[^{}()]{0,200}?\bport\s*=\s*|\s*)${PORT}(?:\s*,\s*(?:host\s*=\s*)?${HOST})?`,
      "g",
    ),
  },
  { id: "listen", pattern: new RegExp(String.raw`\.start\s*\(\s*(?:${HOST}\s*,\s*)?${PORT}\s*\)`, "g") },
  { id: "listen", pattern: new RegExp(String.raw`\bInetSocketAddress\s*\(\s*(?:${HOST}\s*,\s*)?${PORT}\s*\)`, "g") },
  {
    id: "listen",
    pattern: new RegExp(
      String.raw`\b(?:ServerSocket|Server|forPort|Undertow|SunHttp|Jetty|Netty|KtorCIO|ApacheServer|addHttpListener)\s*\(\s*${PORT}`,
      "g",
    ),
  },
  { id: "listen", pattern: new RegExp(String.raw`\.(?:listen|setPort|bind|withPort|bindPort)\s*\(\s*${PORT}`, "g") },
  { id: "listen", pattern: new RegExp(String.raw`(?<![.\w])port\s*\(\s*${PORT}\s*\)`, "g") },
  { id: "default", pattern: new RegExp(String.raw`"server\.port"\s*(?:,|to)\s*"?${PORT}`, "g") },
  {
    id: "constant",
    loose: true,
    pattern: new RegExp(
      String.raw`\b(?:int|Integer|String|val|var)\s+(?:\w*_)?(?:default|server|http|listen)?_?port(?:\s*:\s*\w+)?\s*=\s*"?${PORT}`,
      "gi",
    ),
  },
];
