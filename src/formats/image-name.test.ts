import { expect, it } from "vitest";
import { imageName, officialName } from "./image-name.ts";

const rows: [text: string, expected: object | undefined, official?: string][] = [
  ["node", { repository: "node", tag: undefined, registry: undefined, open: false }, "node"],
  ["node:22-alpine@sha256:abc", { repository: "node", tag: "22-alpine", digest: "sha256:abc" }, "node"],
  ["docker.io/library/redis:7", { registry: "docker.io", repository: "library/redis", tag: "7" }, "redis"],
  ["localhost:5000/acme/api", { registry: "localhost:5000", repository: "acme/api", tag: undefined }],
  ["ghcr.io/acme/api:v1", { registry: "ghcr.io", repository: "acme/api", tag: "v1" }],
  ["acme/api", { registry: undefined, repository: "acme/api" }],
  ["${REGISTRY}/api:${TAG:-1}", { repository: "${REGISTRY}/api", tag: "${TAG:-1}", open: true }],
  ["", undefined],
  ["a b", undefined],
];
it.each(rows)("%s", (text, expected, official) => {
  const found = imageName(text);
  if (expected) expect(found).toMatchObject(expected);
  else expect(found).toBeUndefined();
  expect(found && officialName(found)).toBe(official);
});
