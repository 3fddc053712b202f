import { expect, test } from "vitest";
import { fileDependencies } from "./depends.ts";
import { loadComposeFile } from "./load.ts";

const FILE = `services:
  web: {image: x, depends_on: {api: {condition: service_healthy}, db: {condition: service_started}}}
  api: {image: x, depends_on: [seed]}
  seed: {image: x, depends_on: [db]}
  db: {image: x}
`;
const options = { name: "compose.yaml", dir: "/srv", ours: ["web", "api"], variable: () => undefined };
const manifest = (api: string[]) => ({ web: { depends_on: [] }, api: { depends_on: api }, mail: { depends_on: [] } });

test("services of the manifest wait for each other as the file has it", () => {
  expect(fileDependencies(loadComposeFile(FILE, options), manifest([]))).toMatchObject({ web: ["api"], api: [] });
});

test.each([
  ["file and manifest", FILE, ["web"], "web → api → web"],
  [
    "what is left to Compose",
    FILE.replace("db: {image: x}", "db: {image: x, depends_on: [web]}"),
    [],
    "web → api → seed → db → web",
  ],
])("a circle by way of %s is told", (_name, text, api, circle) => {
  const act = () => fileDependencies(loadComposeFile(text, options), manifest(api));
  expect(act).toThrow(
    expect.objectContaining({ code: "SM-COMPOSE-CYCLE", message: expect.stringContaining("circle") }),
  );
  const words = circle.split(" → ").slice(1);
  for (const name of words) expect(act).toThrow(new RegExp(name));
});
