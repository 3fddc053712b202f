import { describe, expect, test } from "vitest";
import { memoryFiles } from "../../../files.ts";
import { takeSnapshot } from "../../../snapshot.ts";
import { codeConfig } from "./config.ts";

const setting = (code: string, ...path: string[]) => {
  const found = codeConfig(takeSnapshot(memoryFiles({ "x.config.ts": code })), "x.config.ts")?.setting(...path);
  if (!found) return undefined;
  return "value" in found ? found.value : { computed: found.computed };
};

describe("settings of configurations that are code", () => {
  test.each<[string, string, string[], unknown]>([
    ["module.exports", "module.exports = { output: 'export' };", ["output"], "export"],
    [
      "a typed variable",
      'const nextConfig: NextConfig = {\n  output: "standalone",\n}\nexport default nextConfig',
      ["output"],
      "standalone",
    ],
    ["wrappers", "export default withA(withB({ output: `export` }))", ["output"], "export"],
    [
      "a function",
      "export default defineConfig(({ mode }) => ({ build: { outDir: 'out' } }))",
      ["build", "outDir"],
      "out",
    ],
    [
      "a body",
      "export default defineConfig(() => {\n  const x = 1;\n  return { build: { outDir: 'out' } }\n})",
      ["build", "outDir"],
      "out",
    ],
    [
      "a call inside",
      "export default { adapter: node({ mode: 'standalone' }) }",
      ["adapter", "node()", "mode"],
      "standalone",
    ],
    ["a plugin", "export default { plugins: [a(), remix({ ssr: false })] }", ["plugins", "remix()", "ssr"], false],
    ["quoted keys, numbers", "module.exports = { 'server': { \"port\": 3_000 } }", ["server", "port"], 3000],
    ["a constant", "const out = 'build';\nexport default { build: { outDir: out } }", ["build", "outDir"], "build"],
    ["as const", "export default { output: 'server' as const }", ["output"], "server"],
    [
      "a comment is no setting",
      "export default { // output: 'export'\n /* output: 'export', */ }",
      ["output"],
      undefined,
    ],
    ["another level is no match", "export default { webpack: { output: 'x' } }", ["output"], undefined],
    ["a string is no setting", "export default { text: \"output: 'export'\" }", ["output"], undefined],
    [
      "a ternary is computed",
      "export default { output: process.env.X ? 'export' : undefined }",
      ["output"],
      { computed: "process.env.X ? 'export' : undefined" },
    ],
    ["a template is computed", "export default { output: `${x}` }", ["output"], { computed: "`${x}`" }],
    ["unfinished code", "export default { output: 'export', build: {", ["output"], "export"],
    ["closing brackets only", ")))]]}}", ["output"], undefined],
  ])("%s", (_, code, path, expected) => expect(setting(code, ...path)).toEqual(expected));
});

test("an absent or binary file has no settings", () => {
  const snapshot = takeSnapshot(memoryFiles({ "a.js": new Uint8Array([0, 1, 2]) }));
  expect(codeConfig(snapshot, "a.js")).toBeUndefined();
  expect(codeConfig(snapshot, "b.js")).toBeUndefined();
  expect(codeConfig(snapshot, undefined)).toBeUndefined();
});
