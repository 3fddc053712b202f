import { expect, test } from "vitest";
import { compose } from "../../kinds/compose/kind.ts";
import { githubActions } from "../../kinds/github-actions/kind.ts";
import type { Plan } from "../../plan.ts";
import { plan, service, variable } from "../../testing.ts";

const demanded = (given: Plan) => {
  const text = compose.render(given).find(({ path }) => path === "compose.yaml")?.text ?? "";
  return [...new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name))].sort();
};

test("every variable that compose.yaml demands is in its note, and in what the pipeline hands over", () => {
  const given = plan();
  const names = demanded(given);
  expect(names).toContain("STORE_PASSWORD");
  expect(names).toContain("SITE_URL");
  const note = compose
    .render(given)
    .flatMap(({ notes = [] }) => notes)
    .find((text) => text.includes("takes"));
  const files = githubActions.render(given);
  const production = files.find(({ path }) => path.endsWith("deploy-production.yml"));
  for (const name of names) {
    expect(note).toContain(name);
    expect(production?.text).toContain(`> "$WORK/secrets/${name}"`);
    expect(production?.notes?.join("\n")).toMatch(new RegExp(`(?:secret|variable) ${name} \\(`));
  }
  expect(production?.text).toContain("SETTING_SITE_URL: ${{ vars.SITE_URL }}");
  expect(production?.text).toContain("SECRET_STORE_PASSWORD: ${{ secrets.STORE_PASSWORD }}");
});

test("a service without stores and secrets is given nothing", () => {
  const services = [service("web", { env: [variable("LOG_LEVEL", { required: false, default: "info" })] })];
  const given = plan({ services, stores: [] });
  expect(demanded(given)).toEqual([]);
  const files = [...compose.render(given), ...githubActions.render(given)];
  expect(files.map(({ text, notes = [] }) => text + notes.join("\n")).join("\n")).not.toMatch(/STORE_PASSWORD|takes /);
});

test("without servers in the manifest it is said what to add, for what is missing alone", () => {
  const [staging, production] = plan().environments;
  const told = (environments: Plan["environments"]) =>
    githubActions
      .render(plan({ environments }))
      .flatMap(({ notes = [] }) => notes)
      .filter((note) => note.includes("below environments"));
  if (!staging || !production) throw new Error("the plan has two environments");
  expect(told([staging, production])).toEqual([]);
  const both = told([
    { ...staging, assumed: true },
    { ...production, assumed: true },
  ]);
  expect(both[0]).toContain("staging: { platform: compose, hosts: [deploy@staging.example.com] }; production: {");
  expect(told([production])[0]).toMatch(/where staging is, .*staging: \{[^;]*$/);
});
