import { describe, expect, test } from "vitest";
import { MINUTE, SECOND } from "../testing.ts";
import { openStage } from "./testing.ts";

const stage = openStage();

describe("the daemon ends", () => {
  test.each(["suspect", "healing", "monitoring", "resolved"] as const)(
    "in state %s and the next one goes on",
    async (state) => {
      await stage.start();
      await stage.world.say("SUSPECT");
      if (state === "suspect") await stage.world.restartDaemon();
      await stage.world.say("DOWN");
      if (state === "healing") await stage.world.restartDaemon();
      expect(await stage.world.only()).toMatchObject({ state: "healing" });
      expect(stage.world.did).toHaveLength(1);
      await stage.world.say("UP");
      if (state === "monitoring") await stage.world.restartDaemon();
      expect(await stage.world.only()).toMatchObject({ state: "monitoring" });
      await stage.world.pass(2 * MINUTE, 5 * SECOND);
      if (state === "resolved") await stage.world.restartDaemon();
      expect(await stage.world.only()).toMatchObject({
        state: "resolved",
        actions: [{ remedy: "restart", outcome: "succeeded" }],
      });
      expect(stage.world.did).toHaveLength(1);
    },
  );

  test("while it waits, open: the next one still waits, then heals", async () => {
    await stage.start();
    stage.world.situation.deploying = true;
    await stage.world.say("DOWN");
    await stage.world.restartDaemon();
    await stage.world.settle();
    expect(await stage.world.only()).toMatchObject({ state: "open" });
    stage.world.situation.deploying = false;
    await stage.world.pass(6 * SECOND);
    expect(stage.world.did).toHaveLength(1);
  });

  test("in the middle of a restart: it counts, is verified and not repeated blindly", async () => {
    await stage.start();
    const begun = Promise.withResolvers<void>();
    const { restart } = stage.world.hands;
    stage.world.hands.restart = async (ticket, service, signal) => {
      await restart(ticket, service, signal);
      begun.resolve();
      return await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const opening = stage.world.say("DOWN");
    opening.catch(() => {});
    await begun.promise;
    stage.world.hands.restart = restart;
    await stage.world.restartDaemon();
    await opening;
    expect(await stage.world.only()).toMatchObject({
      restartsLeft: 1,
      actions: [{ remedy: "restart", outcome: "running" }],
    });
    await stage.world.pass(19 * SECOND);
    expect(stage.world.did).toHaveLength(1);
    await stage.world.pass(60 * SECOND);
    expect(stage.world.did).toHaveLength(2);
    await stage.world.pass(MINUTE);
    expect(await stage.world.only()).toMatchObject({ escalated: true });
    expect(stage.world.did).toHaveLength(2);
  });
});
