import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plan, service } from "../../testing.ts";
import { deliveryOf } from "./registry.ts";

/** A registry that refuses to move a tag, as those of the clouds do. */
const DOCKER = `case "$*" in
  *inspect*) grep -qxF "$4" "$REGISTRY/digests" ;;
  *create*)
    grep -qxF "$6" "$REGISTRY/tags" && { echo "tag $6 cannot be moved" >&2; exit 1; }
    echo "$6" >> "$REGISTRY/tags"
    echo "\${6%:*}@\${7##*@}" >> "$REGISTRY/digests" ;;
esac`;
const DIGESTS = ["a", "b"].map((letter) => `sha256:${letter.repeat(64)}`);

test.each([
  ["aws", { ECR_REGISTRY: "registry.test" }, "registry.test/shop-staging/api"],
  ["gcp", { ARTIFACT_REGISTRY: "registry.test/shop" }, "registry.test/shop/api"],
  ["azure", { ACR_SERVER: "registry.test" }, "registry.test/api"],
] as const)(
  "%s: a run that is started again finds its image, another build of the commit gets a tag",
  (target, env, name) => {
    const given = plan({ target, services: [service("api")], stores: [] });
    const script = deliveryOf(given, "staging").steps.find(({ id }) => id === "copy")?.script ?? "exit 9";
    const folder = mkdtempSync(join(tmpdir(), "copy-"));
    try {
      for (const [program, body] of Object.entries({ docker: DOCKER, aws: "", gcloud: "", az: "" })) {
        writeFileSync(join(folder, program), `#!/bin/sh\n${body}\n`);
        chmodSync(join(folder, program), 0o755);
      }
      for (const list of ["tags", "digests"]) writeFileSync(join(folder, list), "");
      for (const digest of DIGESTS.flatMap((one) => [one, one])) {
        const { status, stderr } = spawnSync("sh", ["-euc", script], {
          encoding: "utf8",
          env: {
            PATH: `${folder}:${process.env.PATH}`,
            REGISTRY: folder,
            RELEASE: "c0ffee",
            API_IMAGE: `ghcr.io/acme/shop/api@${digest}`,
            ...env,
          },
        });
        expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      }
      const listed = (list: string) => readFileSync(join(folder, list), "utf8").trim().split("\n");
      expect(listed("tags")).toEqual([`${name}:c0ffee-aaaaaaaaaaaa`, `${name}:c0ffee-bbbbbbbbbbbb`]);
      expect(listed("digests")).toEqual(DIGESTS.map((digest) => `${name}@${digest}`));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
