import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { terraform } from "./kind.ts";
import { cloudPlan, PLANS } from "./testing.ts";

const CASES = (["aws", "gcp", "azure"] as const).flatMap((cloud) =>
  Object.entries(PLANS).map(([name, given]) => ({ cloud, name, files: terraform.render(cloudPlan(cloud, given)) })),
);

test.each(CASES)("$cloud: $name: the steps of the first time name what there is", ({ cloud, files }) => {
  const code = files
    .filter(({ path }) => path.endsWith(".tf"))
    .map(({ text }) => text)
    .join("\n");
  for (const { path, text } of files.filter((file) => file.path.endsWith(".tfvars"))) {
    const environment = /(\w+)\.tfvars$/.exec(path)?.[1] ?? "";
    const steps = text.split("\n").filter((line) => /^# \d+\. /.test(line));
    expect(steps[0]).toMatch(new RegExp(`^# 1\\. terraform -chdir=infra/${cloud} init -reconfigure .*${environment}`));
    expect(text).not.toContain("ENVIRONMENT");
    for (const [, type, name] of text.matchAll(/-target=(\w+)\.(\w+)/g))
      expect(code).toContain(`resource "${type}" "${name}" {`);
    const given = [...code.matchAll(/^variable "(\w+)" \{\n([\s\S]*?)^\}/gm)]
      .filter(
        ([, name = "", body = ""]) =>
          !/^ {2}default +=|^ {2}default = /m.test(body) && !new RegExp(`^${name} +=`, "m").test(text),
      )
      .map(([, name]) => name);
    const told = steps
      .find((step) => step.includes(`${environment}.given.tfvars, which`))
      ?.split(": ")[1]
      ?.split(", ");
    expect(told ?? []).toEqual(given);
    const commands = steps
      .filter((step) => step.includes("terraform -chdir"))
      .map((step) => step.replace(/^# \d+\. /, ""));
    expect(spawnSync("sh", ["-n"], { input: commands.join("\n"), encoding: "utf8" }).stderr).toBe("");
  }
});

test("images and secrets come before programs, and what is given is never committed", () => {
  const files = terraform.render(cloudPlan("aws", {}));
  const text = files.find(({ path }) => path.endsWith("production.tfvars"))?.text ?? "";
  const order = [
    "-target=aws_ecr_repository.api",
    "copy each image",
    "set the secrets: shop-production/api/SESSION_SECRET",
    "let it release",
  ];
  const places = order.map((part) => text.indexOf(part));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(files.find(({ path }) => path.endsWith(".gitignore"))?.text).toContain("\n*.given.tfvars\n");
});
