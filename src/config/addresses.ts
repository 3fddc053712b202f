import { stepRequest } from "./checks.ts";
import type { Mistake } from "./problem.ts";
import type { ManifestConfig } from "./schema.ts";

type Path = (string | number)[];
interface Rule {
  isRight(text: string): boolean;
  wanted: string;
}

const HOST_PORT = /^(?:\[[0-9A-Fa-f:.%\w]+\]|[^\s:/@[\]]+):(\d{1,5})$/;

const WEB: Rule = { isRight: hasProtocol(/^https?:$/), wanted: "an http or https URL, such as https://example.com/" };
const REDIS: Rule = { isRight: hasProtocol(/^rediss?:$/), wanted: "a URL such as redis://127.0.0.1:6379" };
const PEER: Rule = {
  isRight: (text) => {
    const port = Number(HOST_PORT.exec(text)?.[1]);
    return port >= 1 && port <= 65_535;
  },
  wanted: "host:port with a port from 1 to 65535",
};

/** Addresses that nobody can connect to, whatever the checks say at night. What a placeholder stands for is seen at the start only. */
export function wrongAddresses({ checks, watch, notify }: ManifestConfig): Mistake[] {
  return [
    ...Object.entries(checks).flatMap(([name, { url, browser, steps = [], tcp, tls, redis }]) => {
      const at = ["checks", name];
      return [
        ...wrong(WEB, [...at, "url"], url),
        ...wrong(WEB, [...at, "browser"], browser),
        ...steps.flatMap((step, index) => {
          const { method, url: address } = stepRequest(step);
          return wrong(WEB, [...at, "steps", index, method.toLowerCase()], address);
        }),
        ...wrong(PEER, [...at, "tcp"], tcp),
        ...wrong(PEER, [...at, "tls"], typeof tls === "string" ? tls : undefined),
        ...wrong(REDIS, [...at, "redis"], redis),
      ];
    }),
    ...watch.anchors.flatMap((anchor, index) => wrong(PEER, ["watch", "anchors", index], anchor)),
    ...Object.entries(notify).flatMap(([name, channel]) =>
      channel.kind === "email" ? wrong(PEER, ["notify", name, "server"], channel.server) : [],
    ),
  ];
}

/** The address itself may hold a password and is not shown. */
function wrong({ isRight, wanted }: Rule, at: Path, text: string | undefined): Mistake[] {
  if (text === undefined || text.includes("${") || isRight(text)) return [];
  return [{ code: "SM-CONFIG-VALUE", at, message: `${at.join(".")} must be ${wanted}` }];
}

function hasProtocol(wanted: RegExp): (text: string) => boolean {
  return (text) => {
    const url = URL.parse(text);
    return url !== null && wanted.test(url.protocol) && url.hostname !== "";
  };
}
