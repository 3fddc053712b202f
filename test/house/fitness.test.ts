import { describe, expect, test } from "vitest";
import { undocumented } from "./doc-comments.ts";
import { read, repositoryFiles } from "./files.ts";

const CODE = /^(src|web|bench|test|scripts|examples)\/.*\.(ts|tsx|js)$/;
const PRODUCT = /^(src|web\/src)\/.*(?<!\.test)\.tsx?$/;

const MOST_LINES = 300;
/** Tables of data may be longer; each with the reason why it is one. */
const TABLES: Record<string, string> = {};

function lines(path: string): number {
  return read(path).trimEnd().split("\n").length;
}

/** The value below which `share` of the values lie (nearest rank). */
function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

describe("size", () => {
  test(`no file has more than ${MOST_LINES} lines`, () => {
    const long = repositoryFiles(CODE).filter((path) => !TABLES[path] && lines(path) > MOST_LINES);
    expect(long.map((path) => `${path}: ${lines(path)}`)).toEqual([]);
  });

  test("the median file of the product has at most 80 lines, the 95th percentile at most 300", () => {
    const sizes = repositoryFiles(PRODUCT).map(lines);
    expect(sizes.length).toBeGreaterThan(100);
    expect(percentile(sizes, 0.5)).toBeLessThanOrEqual(80);
    expect(percentile(sizes, 0.95)).toBeLessThanOrEqual(MOST_LINES);
  });
});

describe("code", () => {
  // Biome reports the breach itself; this keeps the rule from being switched off.
  test("default exports, enums and `any` are errors everywhere", () => {
    const { linter, overrides } = JSON.parse(read("biome.json"));
    expect(linter.rules.style).toMatchObject({ noDefaultExport: "error", noEnum: "error", useImportType: "error" });
    expect(linter.rules.suspicious).toMatchObject({ noExplicitAny: "error" });
    const freed = overrides.flatMap(({ includes }: { includes: string[] }) => includes);
    expect(freed.filter((glob: string) => !/\.config\.ts$/.test(glob))).toEqual([]);
  });

  test("no comment silences the compiler or one of these rules", () => {
    const silenced =
      /@ts-(ignore|expect-error|nocheck)|biome-ignore\S* lint(\/style\/(noDefaultExport|noEnum)|\/suspicious\/noExplicitAny|:)/;
    const own = /^test\/house\//;
    expect(repositoryFiles(CODE).filter((path) => !own.test(path) && silenced.test(read(path)))).toEqual([]);
  });

  test("a function that another room uses says what it does", () => {
    expect(undocumented(repositoryFiles(/^src\/.*(?<!\.test)\.ts$/))).toEqual([]);
  });
});

describe("repository", () => {
  test("the lock file names no registry", () => {
    const lock = read("package-lock.json");
    expect(lock).not.toMatch(/"resolved"\s*:/);
    expect(lock).not.toMatch(/https?:\/\/[^"]*\.(tgz|tar\.gz)/);
    expect(lock).not.toMatch(/registry\./);
  });

  test("versions are exact", () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read("package.json"));
    const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(all.filter(([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)))).toEqual([]);
  });

  test("no file holds a path of the machine it was written on", () => {
    const path = new RegExp(`(?<![\\w.~)}-])/(?:${["work", "root", "home/[a-z]+"].join("|")})/`);
    const texts = repositoryFiles(/\.(ts|tsx|js|cjs|json|md|ya?ml|sql|css|html|svg)$|^bin\/|^\.ci\/|^\.[a-z]+rc$/);
    expect(texts.filter((file) => path.test(read(file)))).toEqual([]);
  });
});
