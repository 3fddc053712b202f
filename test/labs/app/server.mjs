// The application of the labs, for a container: one file, no packages. It answers
//   /health, / (hello), /version, /slow?ms=N, /status/N, /echo (POST: the body), /upload (POST: its SHA-256),
//   /events (server-sent events every 100 ms), WebSocket echo on any path;
// each answer names its release in `x-release`. `?ms=N` and `?status=N` also work on every path. SIGTERM: no new connections,
// running requests are finished, streams are closed, then it ends.
//
// Faults, by environment: START_DELAY seconds before it listens; ERROR_RATE 0 to 1 of the answers are 500; SLOW milliseconds
// before each answer; CRASH_AFTER, UNHEALTHY_AFTER seconds; LEAK_EACH MiB kept by each answer; IGNORE_TERM=1; NEVER_HEALTHY=1.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const env = process.env;
const number = (name) => Number(env[name] ?? 0);
const release = env.RELEASE ?? "-";
const started = Date.now();
const streams = new Set();
const leaked = [];

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  response.setHeader("x-release", release);
  answer(request, response).catch(() => response.destroy());
});

async function answer(request, response) {
  const url = new URL(request.url, "http://app");
  const [, kind, value] = url.pathname.split("/");
  if (kind === "health")
    return json(response, healthy() ? 200 : 503, { status: healthy() ? "healthy" : "sick", release });
  if (number("LEAK_EACH") > 0) leaked.push(Buffer.alloc(number("LEAK_EACH") * 1_048_576, 1));
  await delay(number("SLOW") + Number(url.searchParams.get("ms") ?? (kind === "slow" ? 100 : 0)));
  const status = Number(url.searchParams.get("status") ?? (kind === "status" ? value : 200));
  if (status >= 400 || Math.random() < number("ERROR_RATE"))
    return json(response, status >= 400 ? status : 500, { error: "broken release" });
  if (kind === "echo") return void response.end(await body(request));
  if (kind === "upload")
    return json(response, status, {
      sha256: createHash("sha256")
        .update(await body(request))
        .digest("hex"),
    });
  if (kind === "events") return events(response);
  if (kind === "version")
    return json(response, status, { release, pid: process.pid, uptime: (Date.now() - started) / 1_000 });
  response.writeHead(status, { "content-type": "text/plain" }).end("hello");
}

function healthy() {
  const limit = number("UNHEALTHY_AFTER");
  return env.NEVER_HEALTHY !== "1" && (limit === 0 || Date.now() - started < limit * 1_000);
}

function json(response, status, value) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function events(response) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  let id = 0;
  const timer = setInterval(() => response.write(`id: ${id++}\ndata: ${release}\n\n`), 100);
  const close = () => response.end();
  streams.add(close);
  response.once("close", () => {
    clearInterval(timer);
    streams.delete(close);
  });
}

// RFC 6455, as much as an echo needs: whole messages of up to 64 KiB.
server.on("upgrade", (request, socket) => {
  const accept = createHash("sha1")
    .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\nx-release: ${release}\r\n\r\n`,
  );
  // 1001: going away.
  const close = () => socket.end(frame(0x8, Buffer.from([0x03, 0xe9])));
  streams.add(close);
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let next = unframe(rest); next; next = unframe(rest)) {
      rest = rest.subarray(next.size);
      if (next.opcode === 0x8) return void socket.end(frame(0x8, next.payload));
      socket.write(frame(next.opcode === 0x9 ? 0xa : next.opcode, next.payload));
    }
  });
  socket.on("error", () => socket.destroy());
  socket.once("close", () => streams.delete(close));
});

function frame(opcode, payload) {
  const long = payload.length > 125;
  const head = Buffer.from(long ? [0x80 | opcode, 126, 0, 0] : [0x80 | opcode, payload.length]);
  if (long) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

function unframe(bytes) {
  if (bytes.length < 6) return undefined;
  const short = bytes[1] & 0x7f;
  const at = short === 126 ? 4 : 2;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  const size = at + 4 + length;
  if (bytes.length < size) return undefined;
  const payload = Buffer.from(bytes.subarray(at + 4, size)).map((byte, i) => byte ^ bytes[at + (i % 4)]);
  return { opcode: bytes[0] & 0x0f, payload, size };
}

process.on("SIGTERM", () => {
  console.log("SIGTERM");
  if (env.IGNORE_TERM === "1") return;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  for (const close of streams) close();
});
if (number("CRASH_AFTER") > 0) setTimeout(() => process.exit(7), number("CRASH_AFTER") * 1_000);
await delay(number("START_DELAY") * 1_000);
server.listen(number("PORT") || 8080, () => console.log(`${release} listens`));
