import { type LookupFunction, Socket } from "node:net";

/** How often it is looked how much came, ms: in this time no more than some megabytes come. */
const LOOK_MS = 20;
const MOST_MIB = 16;

/** A server sent more than anybody wants to keep. */
export class TooMuchSent extends Error {}

/**
 * For clients that connect a socket to a port and a host, or to a file, and offer no other way to say how names are found. Fails with
 * `TooMuchSent` after 16 MiB: what a client makes of what comes, it keeps.
 */
export class NamedSocket extends Socket {
  readonly #lookup: LookupFunction;

  constructor(lookup: LookupFunction) {
    super();
    this.#lookup = lookup;
    this.once("connect", () => this.#limit());
  }

  override connect(to: unknown, host?: unknown): this {
    if (typeof to !== "number") return super.connect(to as string);
    return super.connect({ port: to, host: String(host), lookup: this.#lookup });
  }

  /** By the clock, since TLS on top of it reads past its events. */
  #limit(): void {
    const look = () => {
      if (this.bytesRead > MOST_MIB * 1024 ** 2)
        this.destroy(new TooMuchSent(`the server sent more than ${MOST_MIB} MiB`));
    };
    const looks = setInterval(look, LOOK_MS).unref();
    this.once("close", () => clearInterval(looks));
  }
}
