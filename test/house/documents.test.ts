import { expect, test } from "vitest";
import { brokenLinks, fencedBlocks, namedPaths, pathExists } from "./documents.ts";
import { read, repositoryFiles } from "./files.ts";

test("every path that AGENTS.md names exists, and the map is short", () => {
  const text = read("AGENTS.md");
  const paths = namedPaths(text);
  expect(paths.length).toBeGreaterThan(30);
  expect(paths.filter((path) => !pathExists(path))).toEqual([]);
  expect(text.split("\n").length).toBeLessThanOrEqual(80);
});

test("AGENTS.md names every folder of src/", () => {
  const rooms = new Set(repositoryFiles(/^src\/[^/]+\//).map((path) => path.split("/").slice(0, 2).join("/")));
  const text = read("AGENTS.md");
  expect([...rooms].filter((room) => !text.includes(`\`${room}/`))).toEqual([]);
});

test("the README sets up with two commands", () => {
  const commands = fencedBlocks(read("README.md"))
    .flatMap((block) => block.split("\n"))
    .map((line) =>
      line
        .replace(/^\$ /, "")
        .replace(/\s*#.*$/, "")
        .trim(),
    )
    .filter((line) => /^(npm|npx|node|pnpm|yarn|apt|apt-get|brew|docker|sudo|curl)\b/.test(line));
  expect(commands).toEqual(["npm start", "npm test"]);
});

test.each(repositoryFiles(/\.md$/))("the local links of %s lead somewhere", (file) => {
  expect(brokenLinks(file)).toEqual([]);
});

test("broken links are seen", () => {
  expect(namedPaths("see `src/core/errors.ts`, `a b`, `npm test`, `src/notify/<id>/channel.ts`")).toEqual([
    "src/core/errors.ts",
    "src/notify/<id>/channel.ts",
  ]);
  expect(pathExists("src/core/no-such-file.ts")).toBe(false);
  expect(pathExists("src/notify/<id>/channel.ts")).toBe(true);
});
