import { expect, test } from "vitest";
import { isClock } from "./clock.ts";
import { kubernetes } from "./kinds/kubernetes/kind.ts";
import { terraform } from "./kinds/terraform/kind.ts";
import { plan, service } from "./testing.ts";

test.each([
  ["celery -A app beat --schedule /tmp/celerybeat-schedule", true],
  ["python -m celery --app=shop.tasks beat", true],
  ["bundle exec clockwork clock.rb", true],
  ["php artisan schedule:work", true],
  ["rqscheduler", true],
  ["celery -A app worker -B", true],
  ["celery -A app worker", false],
  ["celery -A beat.app worker", false],
  ["bundle exec sidekiq", false],
])("%s", (command, expected) => {
  expect(isClock(command)).toBe(expected);
});

test("of a clock one runs, and never two beside each other", () => {
  const services = [service("api", { processes: [{ name: "beat", command: "celery -A app beat" }] })];
  const text = (target: "kubernetes" | "aws", kind: typeof kubernetes) =>
    kind.render(plan({ target, services, stores: [] })).map((file) => file.text);
  const pods = text("kubernetes", kubernetes).join("\n").split("\n---\n");
  const clock = pods.filter((one) => /^ {2}name: api-beat$/m.test(one));
  expect(clock.find((one) => one.includes("kind: Deployment"))).toMatch(/replicas: 1\n[\s\S]*type: Recreate/);
  expect(clock.join("\n")).not.toContain("kind: HorizontalPodAutoscaler");
  const files = text("aws", terraform).join("\n");
  expect(files).toMatch(/api-beat = \{\n\s+min = 1\n\s+max = 1\n/);
  expect(files).toMatch(/"aws_ecs_service" "api_beat" \{[^}]*deployment_maximum_percent +=\s*100/);
});
