import { type LookupFunction, Socket } from "node:net";

/** For clients that connect a socket to a port and a host, or to a file, and offer no other way to say how names are found. */
export class NamedSocket extends Socket {
  readonly #lookup: LookupFunction;

  constructor(lookup: LookupFunction) {
    super();
    this.#lookup = lookup;
  }

  override connect(to: unknown, host?: unknown): this {
    if (typeof to !== "number") return super.connect(to as string);
    return super.connect({ port: to, host: String(host), lookup: this.#lookup });
  }
}
