import { expect, test } from "vitest";
import { table, withSection } from "./report.ts";

const TEXT = "# Figures\n\n<!-- bench:a -->\nold\n<!-- /bench:a -->\n\n<!-- bench:ab -->\nother\n<!-- /bench:ab -->\n";

test("a section is replaced between its markers, twice with the same result, and nothing else changes", () => {
  const once = withSection(TEXT, "a", "new $& $1");
  expect(once).toBe(TEXT.replace("old", () => "new $& $1"));
  expect(withSection(once, "a", "new $& $1")).toBe(once);
});

test("a section that is missing comes to the end", () => {
  expect(withSection("# Figures\n", "c", "new")).toBe("# Figures\n\n<!-- bench:c -->\nnew\n<!-- /bench:c -->\n");
});

test("words stand on the left, figures on the right, and what is missing is a dash", () => {
  const rows = [
    ["direct", 1.5, "good"],
    ["router", null, "fine"],
  ];
  expect(table(["", "ms", "word"], rows)).toBe("         ms  word\ndirect  1.5  good\nrouter    –  fine");
});
