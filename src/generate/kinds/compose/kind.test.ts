import { expect, test } from "vitest";
import { memoryTree } from "../../../formats/tree.ts";
import { plan } from "../../testing.ts";
import { compose } from "./kind.ts";

const notes = (files: Record<string, string>) =>
  compose.render(plan({ tree: memoryTree(files) })).flatMap((file) => file.notes ?? []);

test("who has a Compose file of another name is told that ours goes before it", () => {
  expect(notes({ "docker-compose.yml": "services: {}\n" })).toContainEqual(
    expect.stringContaining("docker compose -f docker-compose.yml"),
  );
  expect(notes({ "compose.yaml": "services: {}\n" }).join()).not.toContain("docker compose -f");
});
