import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process that does what it is told, one order after another. */
export interface Child<Order> {
  pid: number;
  /** Rejects when the process ends instead of answering. */
  tell<T>(order: Order): Promise<T>;
  kill(): Promise<void>;
}

/** Starts a file of this folder as a process that takes orders as messages. */
export function startChild<Order>(file: string, execArgv: string[] = []): Child<Order> {
  const child: ChildProcess = fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv });
  const ended = once(child, "exit");
  const gone = ended.then(([code, signal]): never => {
    throw new Error(`${file} ended with ${code ?? signal}`);
  });
  gone.catch(() => {});
  return {
    pid: child.pid ?? 0,
    tell: async (order) => {
      const answer = once(child, "message");
      child.send(order as object);
      const [said] = await Promise.race([answer, gone]);
      return said;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
