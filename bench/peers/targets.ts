import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { seeded } from "../../src/deploy/analysis/random.ts";
import type { Scenario, SimCheck } from "../sim/scenario.ts";
import { createWorld, type World } from "../sim/world.ts";

/** The targets of a scenario on one server, in real time. */
interface Targets {
  world: World;
  /** By name. */
  urls: Map<string, string>;
  /** The script begins; before that all are well. */
  begin(): void;
  /** Milliseconds since then. */
  since(): number;
  close(): void;
}

const BEFORE = -1;

/** Opens the server. A target that refuses connections resets them here, since it has no port of its own. */
export async function openTargets(scenario: Scenario, seed: number): Promise<Targets> {
  const world = createWorld(scenario, seeded(seed));
  const checks = new Map(scenario.checks.map((check) => [`/${check.name}`, check]));
  let begun: number | undefined;
  const since = () => (begun === undefined ? BEFORE : performance.now() - begun);
  const server = createServer((request, response) => {
    const check = checks.get(request.url ?? "");
    if (check) answer(world, check, { request, response, at: since() });
    else response.writeHead(404).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    world,
    urls: new Map(scenario.checks.map(({ name }) => [name, `http://127.0.0.1:${port}/${name}`])),
    begin: () => {
      begun = performance.now();
    },
    since,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
  at: number;
}

function answer(world: World, check: SimCheck, { request, response, at }: Asked): void {
  const { outcome, class: name, durationMs } = world.answer(check, at);
  if (outcome !== "fail") setTimeout(() => response.end("ok"), durationMs);
  else if (name === "http-5xx") response.writeHead(500).end();
  else if (name !== "read-timeout") request.socket.resetAndDestroy();
}
