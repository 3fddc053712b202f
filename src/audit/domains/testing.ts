import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Fault {
  status?: number;
  body?: string;
  hang?: boolean;
}

/**
 * A list of registries and one registry on a real port. It refuses what RFC 7480 does not allow; of `registered` it says when each
 * ends (null: it does not say), other names it does not know.
 */
export async function startRegistry(registered: Record<string, string | null>) {
  const asked: string[] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => {
    const { url = "", method, headers } = request;
    const answer = (status: number, body: unknown, type = "application/rdap+json") =>
      response.writeHead(status, { "content-type": type }).end(typeof body === "string" ? body : JSON.stringify(body));
    asked.push(url);
    const fault = faults.shift();
    if (fault?.hang) return;
    if (fault) return void answer(fault.status ?? 200, fault.body ?? "");
    if (method !== "GET") return void answer(405, {});
    if (url === "/dns.json") {
      const services = [
        [["com", "co.uk"], [`${base()}/registry/`]],
        [["net"], [`${base()}/registry`]],
      ];
      return void answer(200, { version: "1.0", publication: "2026-01-01T00:00:00Z", services }, "application/json");
    }
    const [, name] = /^\/registry\/domain\/([a-z\d.-]+)$/.exec(url) ?? [];
    if (name === undefined || headers.accept !== "application/rdap+json") return void answer(400, { errorCode: 400 });
    const end = registered[name];
    if (end === undefined) return void answer(404, { errorCode: 404 });
    const events = [
      { eventAction: "registration", eventDate: "1995-08-14T04:00:00Z" },
      ...(end === null ? [] : [{ eventAction: "expiration", eventDate: end }]),
    ];
    answer(200, { objectClassName: "domain", rdapConformance: ["rdap_level_0"], ldhName: name, events });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ asked, faults, list: `${base()}/dns.json` },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
