import fc from "fast-check";
import { expect, test } from "vitest";
import { decide, nothingTold, type OpenIncident } from "./decide.ts";

const START = Date.parse("2026-03-01T12:00:00Z");

function incident(id: string, severity: OpenIncident["severity"] = "SEV1"): OpenIncident {
  const about = { service: "api", environment: "prod", symptom: "answers 500", link: null };
  return { id, severity, openedAt: new Date(START).toISOString(), ...about };
}

test("an incident is told at once, again before it is forgotten, and ended when it is over", () => {
  const first = decide(nothingTold, [incident("i1")], START);
  expect(first.post.map(({ labels }) => labels)).toEqual([
    { alertname: "StationmasterIncident", service: "api", severity: "critical", environment: "prod", incident: "i1" },
  ]);
  expect(decide(first.told, [incident("i1")], START + 30_000).post).toEqual([]);
  const again = decide(first.told, [incident("i1")], START + 60_000);
  expect(Date.parse(again.post[0]?.endsAt ?? "")).toBeGreaterThan(START + 120_000);
  const over = decide(again.told, [], START + 61_000);
  expect(over.post.map(({ endsAt }) => Date.parse(endsAt))).toEqual([START + 61_000]);
  expect(decide(over.told, [], START + 999_000).post).toEqual([]);
});

test("a severity that rises ends the alert it was", () => {
  const { told } = decide(nothingTold, [incident("i1", "SEV2")], START);
  const { post } = decide(told, [incident("i1", "SEV1")], START + 1_000);
  expect(post.map(({ labels, endsAt }) => [labels.severity, Date.parse(endsAt) > START + 1_000])).toEqual([
    ["critical", true],
    ["warning", false],
  ]);
});

test("after any history Alertmanager holds exactly what is open", () => {
  const sets = fc.array(fc.tuple(fc.subarray(["a", "b", "c"]), fc.boolean()), { maxLength: 12 });
  fc.assert(
    fc.property(sets, (rounds) => {
      const held = new Map<string, number>();
      let told = nothingTold;
      let now = START;
      for (const [ids, accepted] of [...rounds, [["a"], true] as const]) {
        now += 5_000;
        const next = decide(
          told,
          ids.map((id) => incident(id)),
          now,
        );
        if (!accepted) continue;
        for (const { labels, endsAt } of next.post) held.set(labels.incident ?? "", Date.parse(endsAt));
        told = next.told;
        expect(
          [...held]
            .filter(([, ends]) => ends > now)
            .map(([id]) => id)
            .sort(),
        ).toEqual([...ids].sort());
      }
    }),
  );
});
