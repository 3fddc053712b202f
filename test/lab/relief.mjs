// A service whose connections or cache have gone bad while the file `stale-NAME` is there: pings on a port of its own are reset, and
// its sign-in fails. A restart mends neither; `POST /ops/pool` and `DELETE /ops/cache` do, for who knows the token.
import { appendFileSync, existsSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTcp } from "node:net";
import { join } from "node:path";

const { LAB_ROOT, NAME, PING_PORT, PORT, TOKEN } = process.env;
const stale = join(LAB_ROOT, `stale-${NAME}`);
appendFileSync(join(LAB_ROOT, `asked-${NAME}`), "start\n");

const OPS = ["POST /ops/pool", "DELETE /ops/cache"];
createServer((request, response) => {
  const what = `${request.method} ${request.url}`;
  if (OPS.includes(what) && request.headers["x-token"] === TOKEN) {
    appendFileSync(join(LAB_ROOT, `asked-${NAME}`), `${what}\n`);
    rmSync(stale, { force: true });
  }
  const isRefused =
    request.url === "/login" ? existsSync(stale) : OPS.includes(what) && request.headers["x-token"] !== TOKEN;
  response.writeHead(isRefused ? 401 : 200).end("{}");
}).listen(Number(PORT), "127.0.0.1");

createTcp((socket) => {
  socket.on("error", () => {});
  if (existsSync(stale)) return socket.resetAndDestroy();
  socket.once("data", () => socket.end("PONG\n"));
}).listen(Number(PING_PORT), "127.0.0.1");
