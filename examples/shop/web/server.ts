import { createServer } from "node:http";
import { connectApi } from "./api.ts";
import { handle, type Shop } from "./handler.ts";
import { log } from "./log.ts";

const STOP_DEADLINE_MS = 8_000;

const { PORT, API_URL, RELEASE, DEMO_LOGIN } = process.env;
if (!PORT || !API_URL) {
  log("error", `${PORT ? "API_URL" : "PORT"} is not set`);
  process.exit(2);
}

let stopping = false;
const shop: Shop = {
  api: connectApi(API_URL),
  release: RELEASE ?? "dev",
  demoLogin: DEMO_LOGIN,
  stopping: () => stopping,
};
const server = createServer(
  { keepAliveTimeout: 75_000, requestTimeout: 30_000 },
  (request, response) => void handle(shop, request, response),
);
server.on("error", (error) => {
  log("error", "cannot listen", { port: PORT, reason: error.message });
  process.exit(1);
});
server.listen(Number(PORT), "127.0.0.1", () =>
  log("info", "listening", { address: server.address(), release: shop.release }),
);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => shutDown(signal));

function shutDown(signal: string): void {
  if (stopping) return;
  stopping = true;
  log("info", "stopping", { signal });
  server.close(() => process.exit(0));
  setInterval(() => server.closeIdleConnections(), 100).unref();
  setTimeout(() => server.closeAllConnections(), STOP_DEADLINE_MS).unref();
}
