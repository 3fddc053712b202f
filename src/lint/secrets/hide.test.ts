import { expect, it } from "vitest";
import { memoryTree } from "../../formats/tree.ts";
import { checkFiles } from "../check.ts";
import { sarifOf } from "../sarif.ts";

// Put together here, so that none stands in the repository.
const TOKEN = ["ghp_", "q7ZpL2vX9tRwK4mN", "8sYbD3fGh5JkPqRs1uVw"].join("");
const DOCKERFILE = `FROM ${TOKEN}\nADD https://x:${TOKEN}@acme.io/a.tgz /x\nUSER ${TOKEN}\nWORKDIR ${TOKEN}\nCMD node ${TOKEN}\n`;

/** Files that are wrong at the very place of a secret, so that who tells what is wrong would quote it. */
const FILES: Record<string, string> = {
  Dockerfile: DOCKERFILE,
  "compose.prod.yaml": `services:\n  a:\n    image: ${TOKEN}\n    depends_on: [${TOKEN}]\n    ${TOKEN}: 1\n`,
  ".github/workflows/ci.yml": `on: push\njobs:\n  a:\n    runs-on: x\n    ${TOKEN}: x\n    steps:\n      - uses: a/b@${TOKEN}\n`,
  ".gitlab-ci.yml": `a:\n  script: x\n  stage: ${TOKEN}\n  needs: [${TOKEN}]\n`,
  "rules.yml": `groups:\n  - name: a\n    rules:\n      - alert: ${TOKEN}\n        expr: rate(${TOKEN}[5m]) (\n        for: ${TOKEN}\n`,
  "vercel.json": `{ "${TOKEN}": 1 }`,
  "k8s.yaml": `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: { template: { spec: { containers: [{ name: a, image: ${TOKEN} }] } } }\n`,
};

it.each(Object.entries(FILES))("%s: what is told quotes no secret, not even a part", async (path, text) => {
  const tree = memoryTree({ [path]: text });
  const findings = await checkFiles({ tree, today: "2027-01-01" });
  // Something other than the scan for secrets has spoken of the place.
  expect(findings.filter(({ rule }) => !rule.startsWith("secret-")).length).toBeGreaterThan(0);
  expect(findings.map(({ rule }) => rule)).toContain("secret-github-token");
  const told = JSON.stringify([findings, sarifOf(findings, { tree, version: "1.0.0", prefix: "" })]);
  for (let at = 0; at + 10 <= TOKEN.length; at += 1) expect(told).not.toContain(TOKEN.slice(at, at + 10));
});

it("the rest of a message stays", async () => {
  const tree = memoryTree({ Dockerfile: DOCKERFILE });
  const [first] = await checkFiles({ tree, today: "2027-01-01" });
  expect(first?.message).toBe("[secret] has no tag, so the newest image is taken: name a version");
});
