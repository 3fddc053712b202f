import fc from "fast-check";
import { expect, test } from "vitest";
import { type Crew, decide, LEADER, type Member, SHARDS, shardOf } from "./shards.ts";

test("a check has one shard for good, and many checks use all of them", () => {
  expect(shardOf("local/api/health")).toBe(shardOf("local/api/health"));
  const used = new Set(Array.from({ length: 2_000 }, (_, index) => shardOf(`local/check/${index}`)));
  expect(used.size).toBe(SHARDS);
});

type Event =
  | { type: "join"; role: Member["role"] }
  | { type: "kill" | "freeze"; which: number }
  | { type: "act"; which: number };

const events = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant("join" as const), role: fc.constantFrom("daemon" as const, "worker" as const) }),
    fc.record({ type: fc.constantFrom("kill" as const, "freeze" as const), which: fc.nat(9) }),
    fc.record({ type: fc.constant("act" as const), which: fc.nat(9) }),
  ),
  { maxLength: 40 },
);

/** Locks as the database grants them: to the first who asks, until it lets go or its connection ends. */
function model() {
  let number = 0;
  const members: Member[] = [];
  const held = new Map<number, number>();
  const freed = (backend: number) => {
    for (const [lock, holder] of held) if (holder === backend) held.delete(lock);
  };
  const act = (self: Member, crew: Crew) => {
    if (!self.connected || !self.fresh) return false;
    const { take, surplus, lead, evict } = decide(self, crew);
    for (const lock of lead === "take" ? [...take, LEADER] : take) if (!held.has(lock)) held.set(lock, self.backend);
    if (surplus !== null) held.delete(surplus);
    if (lead === "release") held.delete(LEADER);
    for (const member of members)
      if (evict.includes(member.backend)) {
        member.connected = false;
        freed(member.backend);
      }
    return take.length > 0 || surplus !== null || lead !== null || evict.length > 0;
  };
  return {
    members,
    held,
    act,
    apply: (event: Event) => {
      if (event.type === "join") {
        number += 1;
        members.push({ id: `w${number}`, role: event.role, backend: number, fresh: true, connected: true });
        return;
      }
      const member = members[event.which % Math.max(1, members.length)];
      if (!member) return;
      if (event.type === "kill") {
        member.connected = false;
        freed(member.backend);
      } else if (event.type === "freeze") member.fresh = false;
      // What it saw may be old by the time it acts: locks decide, not the view.
      else act(member, { members: members.map((item) => ({ ...item })), held: new Map(held) });
    },
  };
}

test("whoever joins, dies or stands still: in the end every shard is run by one live worker, in fair shares, and one leads", () => {
  fc.assert(
    fc.property(events, (list) => {
      const world = model();
      for (const event of [{ type: "join", role: "worker" } as const, ...list]) world.apply(event);
      const live = world.members.filter(({ fresh, connected }) => fresh && connected);
      fc.pre(live.length > 0);
      for (let round = 0; round < 2 * SHARDS; round++) {
        const moved = live.map((member) => world.act(member, { members: world.members, held: world.held }));
        if (!moved.includes(true)) break;
      }
      const share = Math.ceil(SHARDS / live.length);
      const owners = Array.from({ length: SHARDS }, (_, shard) => world.held.get(shard));
      for (const { backend } of live)
        expect(owners.filter((owner) => owner === backend).length).toBeLessThanOrEqual(share);
      for (const owner of owners) expect(live.map(({ backend }) => backend)).toContain(owner);
      const leader = live.find(({ backend }) => backend === world.held.get(LEADER));
      expect(leader?.role).toBe(live.some(({ role }) => role === "daemon") ? "daemon" : "worker");
    }),
  );
});

test("a view that is old never makes two owners: one who has enough takes nothing, one who has too much gives back one at a time", () => {
  const self: Member = { id: "a", role: "worker", backend: 1, fresh: true, connected: true };
  const other: Member = { id: "b", role: "worker", backend: 2, fresh: true, connected: true };
  const all = new Map(Array.from({ length: SHARDS }, (_, shard) => [shard, 1]));
  expect(decide(self, { members: [self, other], held: all })).toMatchObject({ take: [], evict: [], lead: "take" });
  expect(decide(self, { members: [self, other], held: all }).surplus).not.toBeNull();
  expect(decide(other, { members: [self, other], held: all })).toMatchObject({ take: [], surplus: null });
});
