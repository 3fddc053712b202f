import { afterEach, beforeEach, expect } from "vitest";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import { createWorld, type World, type WorldOptions } from "../testing.ts";

/** A world a test, on a database of its own; after each test nothing may have failed unheard. */
export interface Stage {
  readonly store: TestStore;
  readonly world: World;
  /** A world whose service `api` has its restarts and is up. */
  start(options?: WorldOptions): Promise<World>;
  /** A further daemon takes the world over. */
  enter(world: World): void;
  /** The kinds of the messages so far. */
  kinds(): string[];
}

/** Sets the stage for the tests of the file that calls it. */
export function openStage(): Stage {
  let store: TestStore;
  let world: World;
  beforeEach(async () => {
    store = await openTestStore();
  });
  afterEach(async () => {
    expect(world.failures).toEqual([]);
    await world.stop();
    await store.drop();
  });
  return {
    get store() {
      return store;
    },
    get world() {
      return world;
    },
    start: async (options = {}) => {
      world = await createWorld(store, options);
      await world.grant("api");
      await world.say("UP");
      return world;
    },
    enter: (next) => {
      world = next;
    },
    kinds: () => world.messages.map((message) => message.kind),
  };
}
