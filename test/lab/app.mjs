// The application of the lab. What it does is chosen by its environment and by files beside it, so that a test can
// change a release's behaviour the way a developer would: by editing a file or a variable.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const { PORT, RELEASE = "-", MODE = "ok", DIE_AFTER = "0", BOOT_MS = "0", LAB_TARGET } = process.env;

if (MODE === "ignore-term") process.on("SIGTERM", () => console.log("SIGTERM ignored"));
else process.on("SIGTERM", () => process.exit(0));
if (MODE === "children" || MODE === "fork-away") {
  const code = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
  spawn(process.execPath, ["-e", code], { stdio: "ignore", detached: MODE === "fork-away" }).unref();
  // A program that daemonizes: what we started is gone, its child goes on in a session of its own.
  if (MODE === "fork-away") setTimeout(() => process.exit(0), 300);
}
if (Number(DIE_AFTER) > 0) setTimeout(() => process.exit(7), Number(DIE_AFTER));
if (MODE === "leak-secret") console.log(`the password is ${process.env.PASSWORD}`);

if (PORT === undefined) {
  console.log(`worker ${RELEASE} works`);
  setInterval(() => {}, 1_000);
} else {
  const { createTarget } = await import(LAB_TARGET);
  const target = createTarget({ release: RELEASE });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://app");
    const json = (status, value) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (pathname === "/health") {
      // A file beside the running program makes one release sick and leaves the others alone.
      if (existsSync("sick")) return json(503, { status: "sick" });
      if (MODE === "never-healthy") return json(503, { status: "starting", token: process.env.PASSWORD });
      return json(200, { status: "healthy", release: RELEASE });
    }
    if (pathname === "/version")
      return json(200, { release: RELEASE, text: readFileSync("version.txt", "utf8").trim(), pid: process.pid });
    if (MODE === "errors" && pathname !== "/health") return json(500, { error: "broken release" });
    target.emit("request", request, response);
  });
  server.on("upgrade", (...args) => target.emit("upgrade", ...args));
  await delay(Number(BOOT_MS));
  server.listen(Number(PORT), "127.0.0.1", () => console.log(`${RELEASE} listens on ${PORT}`));
}
