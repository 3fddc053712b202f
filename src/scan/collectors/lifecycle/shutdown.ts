import type { Ecosystem } from "../../declared/dependency.ts";
import { JVM, SCRIPT, type Sign } from "../../signs.ts";

/** Words that end the work in hand before the program ends. */
export const HANDLERS: readonly Sign<string>[] = [
  {
    in: SCRIPT,
    has: "SIGTERM",
    pattern: /\b(?:on|once|addListener|addSignalListener|onSignal)\s*\(\s*["'`]SIGTERM["'`]/g,
    value: "SIGTERM",
  },
  { in: SCRIPT, has: "SIGTERM", pattern: /\[[^\]]*["'`]SIGTERM["'`][^\]]*\]/g, value: "SIGTERM", confidence: 0.8 },
  { in: SCRIPT, has: "enableShutdownHooks", pattern: /\.enableShutdownHooks\s*\(/g, value: "SIGTERM", of: "bare" },
  { in: SCRIPT, has: "createTerminus", pattern: /\bcreateTerminus\s*\(/g, value: "SIGTERM", of: "bare" },
  { in: SCRIPT, has: "lightship", pattern: /\bcreateLightship\s*\(/g, value: "SIGTERM", of: "bare" },
  { in: SCRIPT, has: "close-with-grace", pattern: /["']close-with-grace["']/g, value: "SIGTERM" },
  {
    in: SCRIPT,
    has: "graceful",
    pattern:
      /["'](?:fastify-graceful-shutdown|http-graceful-shutdown|express-graceful-shutdown|node-graceful-shutdown|http-terminator|@fastify\/close-with-grace)["']/g,
    value: "SIGTERM",
  },
  {
    in: "py",
    has: "SIGTERM",
    pattern: /\b(?:signal\.signal|add_signal_handler|sigaction)\s*\(\s*(?:signal\.)?SIGTERM\b/g,
    value: "SIGTERM",
    of: "bare",
  },
  {
    in: "py",
    has: "SIGTERM",
    pattern: /\bfor\s+\w+\s+in\s*[([][^)\]]*\bSIGTERM\b/g,
    value: "SIGTERM",
    of: "bare",
    confidence: 0.8,
  },
  {
    in: "go",
    has: "signal.Notify",
    pattern: /\bsignal\.Notify(?:Context)?\s*\((?:[^()]|\([^()]*\))*\bSIGTERM\b/g,
    value: "SIGTERM",
    of: "bare",
  },
  {
    in: "rs",
    has: "with_graceful_shutdown",
    pattern: /\.with_graceful_shutdown\s*\(/g,
    value: "SIGTERM",
    of: "bare",
    confidence: 0.8,
  },
  { in: "rs", has: "SignalKind::terminate", pattern: /\bSignalKind::terminate\s*\(/g, value: "SIGTERM", of: "bare" },
  {
    in: JVM,
    has: "addShutdownHook",
    pattern: /\.addShutdownHook\s*\(|\bshutdownGracePeriod(?:Millis)?\b/g,
    value: "SIGTERM",
    of: "bare",
  },
  { in: "rb", has: "TERM", pattern: /\b(?:Signal\.)?trap\s*\(?\s*["':](?:SIG)?TERM\b/g, value: "SIGTERM" },
  { in: "php", has: "SIGTERM", pattern: /\bpcntl_signal\s*\(\s*\\?SIGTERM\b/g, value: "SIGTERM", of: "bare" },
  { in: "cs fs", has: "ApplicationStopping", pattern: /\.ApplicationStopping\b/g, value: "SIGTERM", of: "bare" },
  { in: "cpp cc c cxx", has: "SIGTERM", pattern: /\b(?:signal|sigaction)\s*\(\s*SIGTERM\b/g, value: "SIGTERM" },
  { in: "swift", has: "SIGTERM", pattern: /\bSIGTERM\b|\.sigterm\b/g, value: "SIGTERM", confidence: 0.8 },
];

/** Servers and frameworks that end the work in hand by themselves. */
export const GRACEFUL: readonly { ecosystem: Ecosystem; name: RegExp; confidence: number }[] = [
  {
    ecosystem: "pypi",
    name: /^(?:gunicorn|uvicorn|hypercorn|daphne|waitress|granian|uwsgi|gevent)$/,
    confidence: 0.75,
  },
  { ecosystem: "rubygems", name: /^(?:puma|unicorn|falcon|passenger)$/, confidence: 0.75 },
  { ecosystem: "cargo", name: /^(?:actix-web|rocket)$/, confidence: 0.75 },
  { ecosystem: "hex", name: /^(?:phoenix|bandit|plug_cowboy|plug)$/, confidence: 0.75 },
  {
    ecosystem: "npm",
    name: /^(?:next|@remix-run\/serve|@react-router\/serve|@sveltejs\/adapter-node|nitropack|nuxt|@adonisjs\/core)$/,
    confidence: 0.7,
  },
  {
    ecosystem: "maven",
    name: /^(?:io\.micronaut:micronaut-http-server-netty|io\.quarkus:quarkus-\w+)$/,
    confidence: 0.6,
  },
];
