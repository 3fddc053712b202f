import { JVM, SCRIPT, type Sign } from "../../signs.ts";

const ORIGIN_HEADER = /["'`]Access-Control-Allow-Origin["'`]?\s*(?:\]\s*=|[,:]|=>|",)\s*["'`]?\*/gi;

/** Words that let every page of the web call the service, or name those that may. */
export const ORIGINS: readonly Sign<boolean>[] = [
  { in: `${SCRIPT} py go rb php rs cs java kt ex`, has: "llow-", pattern: ORIGIN_HEADER, value: true },
  { in: SCRIPT, has: "cors", pattern: /\bcors\s*\(\s*\)/g, value: true, of: "bare" },
  { in: SCRIPT, has: "origin", pattern: /\borigin\s*:\s*(?:["'`]\*["'`]|true\b|\[\s*["'`]\*["'`]\s*\])/g, value: true },
  { in: SCRIPT, has: "enableCors", pattern: /\.enableCors\s*\(\s*\)/g, value: true, of: "bare" },
  {
    in: SCRIPT,
    has: "NestFactory",
    pattern: /\bNestFactory\.create[^;]*\bcors\s*:\s*true\b/g,
    value: true,
    of: "bare",
  },
  {
    in: SCRIPT,
    has: "@fastify/cors",
    pattern: /\.register\s*\(\s*(?:cors|fastifyCors|require\(["']@fastify\/cors["']\))\s*\)/g,
    value: true,
  },
  {
    in: SCRIPT,
    has: "cors",
    pattern: /\b(?:cors|enableCors)\s*\(\s*\{[^{}]*\borigin\s*:\s*(?!["'`]\*|true\b|\[\s*["'`]\*)/g,
    value: false,
  },
  { in: "py", has: "allow_origins", pattern: /\ballow_origins\s*=\s*\[\s*["']\*["']\s*\]/g, value: true },
  { in: "py", has: "allow_origins", pattern: /\ballow_origins\s*=\s*(?!\[\s*["']\*)/g, value: false },
  { in: "py", has: "flask_cors", pattern: /\bCORS\s*\(\s*\w*\s*\)/g, value: true, of: "bare" },
  {
    in: "py",
    has: "CORS",
    pattern: /^[ \t]*CORS_(?:ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)\s*=\s*True\b/gm,
    value: true,
    of: "bare",
  },
  { in: "py", has: "CORS_ALLOWED_ORIGINS", pattern: /^[ \t]*CORS_ALLOWED_ORIGINS\b/gm, value: false, of: "bare" },
  { in: "rb", has: "origins", pattern: /^[ \t]*origins\s*\(?\s*["']\*["']/gm, value: true },
  { in: "rb", has: "origins", pattern: /^[ \t]*origins\s*\(?\s*(?!["']\*)/gm, value: false },
  { in: "php", has: "allowed_origins", pattern: /["']allowed_origins["']\s*=>\s*\[\s*["']\*["']/g, value: true },
  { in: "php", has: "allowed_origins", pattern: /["']allowed_origins["']\s*=>\s*(?!\[\s*["']\*)/g, value: false },
  {
    in: JVM,
    has: "CrossOrigin",
    pattern: /@CrossOrigin\b(?!\s*\()|@CrossOrigin\s*\(\s*\)|@CrossOrigin\s*\([^)]*"\*"/g,
    value: true,
  },
  {
    in: JVM,
    has: "llowedOrigin",
    pattern:
      /\.(?:allowedOrigins|addAllowedOrigin|allowedOriginPatterns|addAllowedOriginPattern)\s*\(\s*"\*"|\bsetAllowedOrigins\s*\([^)]*"\*"/g,
    value: true,
  },
  {
    in: JVM,
    has: "llowedOrigin",
    pattern: /\.(?:allowedOrigins|addAllowedOrigin|allowedOriginPatterns)\s*\(\s*(?!"\*")/g,
    value: false,
  },
  { in: "kt", has: "anyHost", pattern: /\banyHost\s*\(\s*\)/g, value: true, of: "bare" },
  {
    in: "go",
    has: "cors",
    pattern: /\bcors\.(?:Default|AllowAll)\s*\(\s*\)|\bmiddleware\.CORS\s*\(\s*\)|\bcors\.New\s*\(\s*\)/g,
    value: true,
    of: "bare",
  },
  {
    in: "go",
    has: "llow",
    pattern: /\bAllowAllOrigins\s*:\s*true|\bAllow(?:ed)?Origins\s*:\s*(?:\[\]string\s*\{\s*)?"\*"/g,
    value: true,
  },
  { in: "go", has: "llow", pattern: /\bAllow(?:ed)?Origins\s*:\s*(?!(?:\[\]string\s*\{\s*)?"\*")/g, value: false },
  {
    in: "rs",
    has: "Cors",
    pattern: /\bCors(?:Layer)?::(?:very_)?permissive\s*\(|\.allow_origin\s*\(\s*Any\b|\.allow_any_origin\s*\(/g,
    value: true,
    of: "bare",
  },
  { in: "cs fs", has: "AllowAnyOrigin", pattern: /\.AllowAnyOrigin\s*\(/g, value: true, of: "bare" },
  { in: "cs fs", has: "WithOrigins", pattern: /\.WithOrigins\s*\(/g, value: false, of: "bare" },
  { in: "ex exs", has: "CORSPlug", pattern: /\bplug\s*\(?\s*CORSPlug\s*\)?\s*$/gm, value: true, of: "bare" },
  { in: "ex exs", has: "ors", pattern: /\borigins?:\s*\[?\s*"\*"/g, value: true },
];
