import type { Kind } from "../fact.ts";

/** How a web framework of Ruby is told, and where it listens. */
export interface RubyFramework {
  id: string;
  gems: readonly string[];
  /** Files that show it; code anywhere where there are none. */
  files: readonly string[];
  use: RegExp;
  kind: Kind;
  /** Of its own server; with a `config.ru` the server decides. */
  port: number;
}

/** The more specific before what it is built on. */
export const RUBY_FRAMEWORKS: readonly RubyFramework[] = [
  {
    id: "rails",
    gems: ["rails", "railties"],
    files: ["config/application.rb", "config/environment.rb"],
    use: /\bRails(?:::|\.)|require_relative\s+["'](?:\.\/)?application["']|\brails\b/g,
    kind: "web",
    port: 3000,
  },
  {
    id: "hanami",
    gems: ["hanami"],
    files: [],
    use: /\bHanami::(?:App|Application|Action)\b|\bHanami\.(?:app|boot)\b/g,
    kind: "web",
    port: 2300,
  },
  {
    id: "padrino",
    gems: ["padrino"],
    files: [],
    use: /\bPadrino(?:::Application|\.(?:mount|application))\b/g,
    kind: "web",
    port: 3000,
  },
  { id: "grape", gems: ["grape"], files: [], use: /<\s*Grape::API\b/g, kind: "api", port: 9292 },
  { id: "roda", gems: ["roda"], files: [], use: /<\s*Roda\b|\bRoda\.route\b/g, kind: "api", port: 9292 },
  {
    id: "sinatra",
    gems: ["sinatra", "sinatra-contrib"],
    files: [],
    use: /\brequire\s*\(?\s*["']sinatra(?:\/\w+)?["']|\bSinatra::(?:Base|Application)\b/g,
    kind: "api",
    port: 4567,
  },
  { id: "cuba", gems: ["cuba"], files: [], use: /\bCuba\.define\b/g, kind: "api", port: 9292 },
  { id: "rack", gems: ["rack", "rackup"], files: ["config.ru"], use: /^[ \t]*run\b/gm, kind: "api", port: 9292 },
];
