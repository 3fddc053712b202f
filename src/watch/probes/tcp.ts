import { connect, isIP } from "node:net";
import { z } from "zod";
import { assertionFailure, classifyError, classifyTimeout, type Stage } from "./classify.ts";
import type { Failure, Probe } from "./probe.ts";

const Options = z.object({ tcp: z.string() });
const ADDRESS = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/;

/** Whether somebody accepts connections at host:port. */
export const tcpProbe: Probe<z.infer<typeof Options>> = {
  id: "tcp",
  Options,
  sideEffects: false,
  run: async ({ tcp }, { signal, timeoutMs, clock }) => {
    const match = ADDRESS.exec(tcp);
    const host = match?.[1] ?? match?.[2];
    const port = Number(match?.[3]);
    if (!host || port < 1 || port > 65_535)
      return { failure: assertionFailure("the address is not host:port"), phases: null, body: null };
    const started = clock.monotonic();
    let resolved = isIP(host) ? started : undefined;
    const stage = (): Stage => (resolved === undefined ? "resolve" : "connect");
    const { promise, resolve } = Promise.withResolvers<Failure | null>();
    const socket = connect({ host, port });
    const onDeadline = () => resolve(classifyTimeout(stage(), timeoutMs));
    socket.once("lookup", () => {
      resolved = clock.monotonic();
    });
    socket.once("connect", () => resolve(null));
    socket.on("error", (error) => resolve(classifyError(error, stage())));
    signal.addEventListener("abort", onDeadline, { once: true });
    if (signal.aborted) onDeadline();
    const failure = await promise;
    signal.removeEventListener("abort", onDeadline);
    socket.destroy();
    const end = clock.monotonic();
    const phases = {
      resolve: (resolved ?? end) - started,
      connect: end - (resolved ?? end),
      tls: 0,
      processing: 0,
      transfer: 0,
    };
    return { failure, phases, body: null };
  },
};
