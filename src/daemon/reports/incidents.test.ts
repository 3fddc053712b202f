import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { readExplained } from "../../audit/explained.ts";
import { readIncidentFigures, readNoisiest } from "../../audit/figures.ts";
import { incidentMarkdown, incidentReport } from "../../audit/incident-report.ts";
import { postMortem, postMortemMarkdown } from "../../audit/post-mortem.ts";
import type { ActionItem } from "../../contract/report.ts";
import { createWorld, MINUTE, SECOND, START, type World } from "../../incidents/testing.ts";
import { sql } from "../../store/drizzle.ts";
import { openTestStore, type TestStore } from "../../store/testing.ts";

let store: TestStore;
let world: World;
beforeAll(async () => {
  store = await openTestStore();
});
afterEach(() => world.stop());
afterAll(() => store.drop());

const ITEM: ActionItem = {
  ...{ id: "act-1", incident: "inc-1", text: "raise the pool @everyone", owner: "bob", due: "2026-03-10" },
  ...{ createdBy: "ada", createdAt: "2026-03-01T13:00:00.000Z", doneBy: null, doneAt: null },
};

/** The api dies, a restart brings it back. */
async function outage() {
  world = await createWorld(store, { environment: "staging" });
  await world.grant("api");
  await world.say("SUSPECT");
  await world.jump(13 * SECOND);
  await world.say("DOWN", { detail: "connect ECONNREFUSED <b>" });
  await world.pass(30 * SECOND);
  await world.say("UP");
  await world.pass(20 * MINUTE, MINUTE);
  await world.outbox.drain();
  return await world.only();
}

test("the reports of an incident say what is on record and nothing else", async () => {
  const incident = await outage();
  const now = world.clock.now();
  const report = incidentReport(incident, [], now);
  expect(incidentMarkdown(report)).toBe(`## Incident Report - ${incident.id}

### Detection
- **Time:** 2026-03-01 12:00:13 UTC
- **Method:** check staging/api/health: not answering (connection refused)
- **Severity:** SEV1

### Impact
- **Services:** api
- **Users:** not known
- **Duration:** 43 s

### Resolution
- **Actions:**
  - 2026-03-01 12:00:13 UTC restart: succeeded (the checks pass again)
- **Root cause:** not known
- **Prevention:** not known`);

  const sources = { actionItems: [ITEM], explained: [], due: true, link: null, now };
  const draft = postMortem(incident, sources);
  expect(draft).toMatchObject({ impactMinutes: 1, evidence: [`${incident.id}#2`], closing: null, changes: [] });
  const text = postMortemMarkdown(draft);
  expect(text).toContain(`## Post-mortem (draft) - ${incident.id}`);
  expect(text).toContain("- 2026-03-01 12:00:13 UTC opened: ");
  expect(text).toMatch(
    /### Who was called\n- 2026-03-01 12:00:13 UTC ops, opened: delivered 2026-03-01 12:\d\d:\d\d UTC/,
  );
  expect(text).toContain(
    `### Evidence\n- ${incident.id}#2\n  - rss: 512\n  - log: boot\n  - log: Error: out of memory\n`,
  );
  const metrics = { replicas_running: 0, cpu_percent: 12.5, last_exit: null };
  const found = (seq: number, data: object) => ({
    ...{ seq, at: "2026-03-01T12:00:20.000Z", kind: "evidence", text: "evidence kept" },
    data: { logs: [], metrics: {}, changes: [], missing: [], ...data },
  });
  const again = postMortem({ ...incident, timeline: [...incident.timeline, found(7, { metrics })] }, sources);
  expect(postMortemMarkdown(again)).toContain(
    `- ${incident.id}#2\n  - rss: 512\n  - log: boot\n  - log: Error: out of memory\n` +
      `- ${incident.id}#7\n  - replicas running: 0\n  - CPU: 12.5 %\n  - last exit: not known\n`,
  );
  const members = [{ id: "inc-2", service: "web", symptom: "answers 502", state: "closed" as const }];
  const head = postMortem({ ...incident, storm: { cause: "api fails", members } }, { ...sources, due: false });
  expect(postMortemMarkdown(head)).toContain("### Incidents it stood for\n- inc-2 web: answers 502 (closed)\n");
  const both = postMortem(incident, { ...sources, explained: members });
  expect(postMortemMarkdown(both)).toContain("### Incidents it stood for\n- inc-2 web: answers 502 (closed)\n");
  const twice = { ...incident, storm: { cause: "api fails", members } };
  expect(postMortem(twice, { ...sources, explained: members }).stoodFor).toEqual(members);
  const loud = [...incident.timeline, found(7, { logs: ["x".repeat(5_000)] })];
  expect(postMortemMarkdown(postMortem({ ...incident, timeline: loud }, sources)).length).toBeLessThan(4_000);
  expect(text).toContain("### Causes\n_to be written by a person_");
  expect(text).toContain("- [ ] raise the pool @\u200beveryone (act-1, bob, due 2026-03-10)");
  expect(text).not.toContain("<b>");

  const span = { from: START - MINUTE, until: now };
  const place = { app: "shop", environment: "staging" };
  expect(await readIncidentFigures(store.db, place, span)).toEqual({
    ...{ all: 1, acted: 1, detect: { ms: 13_000, n: 1 }, acknowledge: { ms: null, n: 0 } },
    restore: { ms: 43_000, n: 1 },
  });
  expect(await readNoisiest(store.db, place, span)).toMatchObject([{ service: "api", incidents: 1, messages: 3 }]);
  expect(await readIncidentFigures(store.db, place, { from: 0, until: START })).toMatchObject({ all: 0 });
});

test("an incident stands for those that need what it is about, and for those it keeps quiet", async () => {
  world = await createWorld(store, { environment: "qa" });
  await world.say("DOWN");
  const { id } = await world.only();
  const place = { app: "shop", environment: "qa" };
  const copy = async (other: string, change: { needs?: string[]; by?: string[]; onset?: number }) => {
    const { needs = [], by, onset = START + SECOND } = change;
    await store.db.execute(sql`
      INSERT INTO incident SELECT (jsonb_populate_record(incident, ${JSON.stringify({
        ...{ id: other, key: other, service: other, needs, onset: new Date(onset).toISOString() },
        suppressed: by ? { by } : null,
      })}::jsonb)).* FROM incident WHERE id = ${id}`);
  };
  await copy("web", { needs: ["api", "db"] });
  await copy("quiet", { by: [id] });
  await copy("alone", { needs: ["db"] });
  await copy("later", { needs: ["api"], onset: START + 20 * MINUTE });
  const explained = await readExplained(store.db, place, { id, from: START, until: START + 10 * MINUTE });
  expect(explained.map((other) => other.id)).toEqual(["quiet", "web"]);
  expect(explained[1]).toMatchObject({ service: "web", symptom: "not answering (connection refused)" });
});
