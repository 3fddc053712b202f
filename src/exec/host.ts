import type { RunResult } from "./run.ts";

export interface HostRun {
  deadlineMs: number;
  signal?: AbortSignal;
  /** Sent to the program's standard input; for secrets, which never are arguments. */
  stdin?: string | Uint8Array | NodeJS.ReadableStream;
  onOutput?: (text: string) => void;
}

/** A program that goes on while we talk to it. */
export interface HostProcess {
  write(text: string): void;
  /** Closes its standard input. */
  end(): void;
  onLine(listener: (line: string) => void): void;
  /** Ends it here and, as far as the connection allows, there. */
  kill(): void;
  exited: Promise<{ code: number | null; stderr: string }>;
}

/** A machine that programs run on: this one, or one reached with OpenSSH. */
export interface Host {
  /** As the manifest spells it: `local`, or what one gives to `ssh`. */
  readonly name: string;
  /**
   * Runs argv there. A program that fails is an answer with its code; `ExternalError` (`SM-SSH-…`, naming the host) when the
   * host could not be reached, refused us, is not who it was, or did not answer in time.
   */
  run(argv: readonly string[], options: HostRun): Promise<RunResult>;
  open(argv: readonly string[], options?: { signal?: AbortSignal }): Promise<HostProcess>;
  /** Replaces a file there as a whole: temporary file, fsync, rename. Folders are made. `mode` is 0o600 unless said. */
  write(
    path: string,
    content: string | Uint8Array,
    options: { mode?: number; deadlineMs: number; signal?: AbortSignal },
  ): Promise<void>;
  /**
   * A port of this machine's loopback that leads to a TCP port of the host's loopback, or of another address as the host reaches
   * it. On this machine the port itself.
   */
  forwardPort(port: number, signal?: AbortSignal, address?: string): Promise<number>;
  /** A UNIX socket on this machine that leads to one on the host. On this machine the socket itself. */
  forwardSocket(path: string, signal?: AbortSignal): Promise<string>;
  close(): Promise<void>;
}
