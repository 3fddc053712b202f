import { expect, test } from "vitest";
import { Channel, Escalation } from "./notify.ts";

const reasons = (
  schema: { safeParse(value: unknown): { error?: { issues: { message: string }[] } | undefined } },
  value: unknown,
) => JSON.stringify(schema.safeParse(value).error?.issues ?? []);

test("a list of channels is one level that is called at once; levels name later ones", () => {
  expect(Escalation.parse({ SEV1: ["page", "ops"], SEV2: [] })).toEqual({
    SEV1: { levels: [{ to: ["page", "ops"], after: 0 }] },
    SEV2: { levels: [] },
  });
  const levels = [{ to: ["page"] }, { to: ["boss"], after: "5m" }];
  expect(Escalation.parse({ SEV1: { levels } }).SEV1?.levels.map(({ after }) => after)).toEqual([0, 300_000]);
});

test("levels rise from zero, and hours are hours", () => {
  expect(reasons(Escalation, { SEV1: { levels: [{ to: ["a"], after: "1m" }] } })).toContain("called at once");
  const twice = [{ to: ["a"] }, { to: ["b"], after: "5m" }, { to: ["c"], after: "5m" }];
  expect(reasons(Escalation, { SEV1: { levels: twice } })).toContain("comes later");
  expect(reasons(Escalation, { SEV1: { levels: [{ to: ["a"] }], hours: "always" } })).toContain("Mon-Fri");
});

test("slack is a bot or a webhook, not both and not half", () => {
  const slack = (change: object) => reasons(Channel, { kind: "slack", ...change });
  expect(slack({ webhook: "${secret:HOOK}" })).toBe("[]");
  expect(slack({ token: "${secret:TOKEN}", channel: "C1" })).toBe("[]");
  for (const change of [{}, { token: "t" }, { webhook: "w", token: "t", channel: "C1" }])
    expect(slack(change)).toContain("either `webhook`");
});
