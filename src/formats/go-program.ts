import { atMost } from "../core/at-most.ts";

const alone = atMost(1);

/**
 * Starts a Go program that runs here as WebAssembly. When it starts, its runtime takes the global `fs` for good and sets
 * others; with the one of another program it would wait for files for ever. So one starts after the other, without `fs`.
 */
export async function startGo<T>(start: () => Promise<T>): Promise<T> {
  return await alone(async () => {
    const globals = globalThis as { fs?: unknown; require?: unknown };
    const { fs, require } = globals;
    delete globals.fs;
    try {
      return await start();
    } finally {
      if (fs !== undefined) globals.fs = fs;
      if (require === undefined) delete globals.require;
    }
  });
}
