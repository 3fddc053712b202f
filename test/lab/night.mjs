// A service whose troubles a test chooses by files in the folder `signals` of the lab: `hold-NAME` keeps it from getting
// ready, `die-NAME` ends it a moment after it is, `broken-NAME` makes its work fail while its health is fine.
import { appendFileSync, existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const { LAB_ROOT, NAME, NEEDS, PORT } = process.env;
const signal = (kind) => join(LAB_ROOT, "signals", `${kind}-${NAME}`);
const isOn = (kind) => existsSync(signal(kind));

process.on("SIGTERM", () => process.exit(0));
appendFileSync(signal("starts"), `${process.pid}\n`);
while (isOn("hold")) await delay(50);

async function work() {
  if (isOn("broken")) return 500;
  if (NEEDS === undefined) return 200;
  return await fetch(`${NEEDS}/health`, { signal: AbortSignal.timeout(300) }).then(
    ({ status }) => status,
    () => 502,
  );
}

createServer(async (request, response) => {
  response.writeHead(request.url === "/work" ? await work() : 200).end("{}");
}).listen(Number(PORT), "127.0.0.1", () => isOn("die") && setTimeout(() => process.exit(7), 700));
