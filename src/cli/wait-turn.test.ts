import { expect, test, vi } from "vitest";
import type { QueuedDeploy } from "../contract/hold.ts";
import { waitTurn } from "./wait-turn.ts";

const QUEUED: QueuedDeploy = {
  ...{ id: "ro-1", environment: "live", release: "r2", actor: "cli:ada" },
  opensAt: null,
  waitsFor: null,
};

test("Ctrl-C takes it back at once, also while a look goes on", async () => {
  const look = Promise.withResolvers<QueuedDeploy | null>();
  const taken: (string | undefined)[] = [];
  const told: string[] = [];
  const before = process.listenerCount("SIGTERM");
  const end = waitTurn(
    {
      queued: () => look.promise,
      unqueue: async (_actor, id) => {
        taken.push(id);
        return QUEUED;
      },
      rollout: () => Promise.reject(new Error("not asked")),
      audit: () => Promise.reject(new Error("not asked")),
    },
    QUEUED,
    (line) => told.push(line),
  );
  process.listeners("SIGINT").at(-1)?.("SIGINT");
  await vi.waitFor(() => expect(taken).toEqual(["ro-1"]));
  look.resolve(null);
  expect(await end).toBeUndefined();
  expect(told).toEqual(["r2 is not shipped"]);
  expect(process.listenerCount("SIGTERM")).toBe(before);
});
