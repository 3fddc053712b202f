import { describe, expect, test } from "vitest";
import { githubActions } from "../../kinds/github-actions/kind.ts";
import { gitlab } from "../../kinds/gitlab/kind.ts";
import { jenkins } from "../../kinds/jenkins/kind.ts";
import { railway } from "../../kinds/railway/kind.ts";
import { plan, service } from "../../testing.ts";
import { deliveryOf } from "./registry.ts";

const given = plan({
  target: "railway",
  services: [
    service("tickets", {
      processes: [
        { name: "beat", command: "celery -A tickets beat" },
        { name: "worker", command: "celery -A tickets worker" },
      ],
      crons: [
        { name: "nightly", schedule: "0 3 * * *", command: "python manage.py nightly" },
        { name: "tickets", schedule: "0 4 * * *", command: null },
      ],
    }),
    service("tickets-worker"),
  ],
  stores: [],
});
const workflow = (name: string, target: "railway" | "vercel" | "compose" = "railway") =>
  githubActions
    .render({ ...given, target, services: given.services.map((one) => ({ ...one, image: one.name })) })
    .find(({ path }) => path.endsWith(name));

describe("Railway", () => {
  test("every service that railway.ts makes is deployed, looked at and taken back", () => {
    const made = [...(railway.render(given)[0]?.text ?? "").matchAll(/ = service\("([^"]+)"/g)].map(([, name]) => name);
    expect(made).toHaveLength(5);
    const { steps, rollback, proof } = deliveryOf(given, "production");
    const script = (id: string) => steps.find((step) => step.id === id)?.script ?? "";
    for (const name of made) {
      expect(script("release")).toContain(`railway up --ci --service ${name} --environment production\n`);
      expect(script("release")).toMatch(new RegExp(`^settled ${name}$`, "m"));
      expect(script("previous")).toContain(`> "$WORK/${name}.previous"`);
      expect(rollback?.script).toContain(`back "$(cat "$WORK/${name}.previous")"`);
      expect(proof?.script).toContain(`--service ${name} `);
    }
  });

  test.each(["railway", "vercel"] as const)("%s builds commits itself, and the files say so", (target) => {
    const production = workflow("deploy-production.yml", target);
    const staging = workflow("deploy-staging.yml", target);
    expect(production?.text).not.toContain("never a new build");
    expect(production?.why).not.toContain("digest");
    expect(staging?.text).not.toContain("Builds each image once");
    expect(staging?.why).not.toContain("digest");
    expect(production?.text).toContain("has not passed staging");
    expect(production?.text).toMatch(/permissions:\n {6}actions: read\n/);
    expect(staging?.text).not.toContain("has not passed staging");
    for (const kind of [gitlab, jenkins]) {
      const [file] = kind.render({ ...given, target });
      expect(`${file?.text} ${file?.why}`).not.toContain("one build");
    }
    // Nothing is pushed, so no registry is asked for.
    expect([...(staging?.notes ?? []), ...(production?.notes ?? [])].join("\n")).not.toContain("REGISTRY");
  });

  test("where images go from stage to stage, the registry is asked", () => {
    const production = workflow("deploy-production.yml", "compose");
    expect(production?.text).toContain("never a new build");
    expect(production?.text).not.toContain("actions: read");
  });
});
