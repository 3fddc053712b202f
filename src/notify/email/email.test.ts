import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, expect, test } from "vitest";
import { newThread } from "../channel.ts";
import { testMessage } from "../testing.ts";
import { emailChannel } from "./channel.ts";

const never = new AbortController().signal;
const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A mail server that keeps what it takes. */
async function startServer(options: SMTPServerOptions = {}) {
  const mails: string[] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ["AUTH", "STARTTLS"], closeTimeout: 100 },
    onData: (stream, _session, done) => {
      let text = "";
      stream.on("data", (part: Buffer) => {
        text += part.toString();
      });
      stream.on("end", () => {
        mails.push(text);
        done();
      });
    },
    ...options,
  });
  // A client that leaves in the middle is no fault of the server.
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { mails, server: `127.0.0.1:${(server.server.address() as AddressInfo).port}` };
}

type Settings = Parameters<typeof emailChannel>[0];
function open(server: string, change: Partial<Settings> = {}) {
  return emailChannel({ server, tls: "none", from: "Stationmaster <bot@shop.test>", to: ["ada@shop.test"], ...change });
}
const header = (mail: string | undefined, name: string) =>
  new RegExp(`^${name}: (.+)$`, "im").exec((mail ?? "").replace(/\r\n\s+/g, " "))?.[1]?.trim();
const refusing = (responseCode: number): SMTPServerOptions => ({
  onRcptTo: (_address, _session, done) => done(Object.assign(new Error("no"), { responseCode })),
});

test("an incident is one thread, and a repeat is the same mail", async () => {
  const { server, mails } = await startServer();
  const thread = newThread();
  await open(server).send(testMessage(), never, thread);
  await open(server).send(testMessage(), never, thread);
  await open(server).send(testMessage({ event: 2, kind: "resolved" }), never, thread);
  const [first, repeat, end] = mails;
  expect(header(first, "Message-ID")).toBe("<inc-1.1.0@shop.test>");
  expect(header(repeat, "Message-ID")).toBe(header(first, "Message-ID"));
  expect(header(repeat, "In-Reply-To")).toBeUndefined();
  expect(header(end, "In-Reply-To")).toBe("<inc-1.1.0@shop.test>");
  expect(header(end, "References")).toBe("<inc-1.1.0@shop.test>");
  expect(header(first, "Subject")).toBe("SEV1 staging/api: process gone");
});

test("a line end in a symptom makes no header", async () => {
  const { server, mails } = await startServer();
  const message = testMessage();
  const incident = { ...message.incident, symptom: "gone\r\nBcc: eve@evil.test" };
  await open(server).send({ ...message, incident }, never, newThread());
  expect(header(mails[0], "Bcc")).toBeUndefined();
});

test("4xx passes, 5xx is for good", async () => {
  const busy = await startServer(refusing(451));
  await expect(open(busy.server).send(testMessage(), never, newThread())).rejects.toMatchObject({ retryable: true });
  const unknown = await startServer(refusing(550));
  await expect(open(unknown.server).send(testMessage(), never, newThread())).rejects.toMatchObject({
    ...{ retryable: false, status: 550, message: expect.stringContaining("answered 550") },
  });
});

test("a server that is away, that drops the session or that is slow is tried again; an abort ends the wait", async () => {
  await expect(open("127.0.0.1:9").send(testMessage(), never, newThread())).rejects.toMatchObject({
    ...{ retryable: true, isRefused: true },
  });
  const dropping = createServer((socket) => {
    socket.write("220 hello\r\n");
    socket.on("data", () => socket.destroy());
  });
  await new Promise<void>((resolve) => dropping.listen(0, "127.0.0.1", resolve));
  ends.push(() => new Promise((resolve) => dropping.close(() => resolve())));
  const { port } = dropping.address() as AddressInfo;
  await expect(open(`127.0.0.1:${port}`).send(testMessage(), never, newThread())).rejects.toMatchObject({
    retryable: true,
  });
  const slow = await startServer({ onRcptTo: () => {} });
  const leaving = new AbortController();
  const sending = open(slow.server).send(testMessage(), leaving.signal, newThread());
  setTimeout(() => leaving.abort(), 200);
  await expect(sending).rejects.toMatchObject({ retryable: true });
});

test("TLS: the authority is checked, a server without it is refused, and a wrong password is for good", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "stationmaster-mail-"));
  ends.push(() => rmSync(folder, { recursive: true }));
  const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=mail", "-keyout", "k.pem"];
  const made = spawnSync("openssl", [...args, "-out", "c.pem", "-addext", "subjectAltName=IP:127.0.0.1"], {
    cwd: folder,
  });
  if (made.status !== 0) return context.skip("openssl is not installed");
  const [key, cert] = ["k.pem", "c.pem"].map((name) => readFileSync(join(folder, name), "utf8"));
  const { server, mails } = await startServer({
    ...{ key, cert, disabledCommands: [], authOptional: false, authMethods: ["PLAIN"] },
    onAuth: ({ username, password }, _session, done) =>
      username === "bot" && password === "right" ? done(null, { user: "bot" }) : done(new Error("no")),
  });
  const account = { user: "bot", password: "right", tls: "starttls" } as const;
  await open(server, { ...account, ca: cert }).send(testMessage(), never, newThread());
  expect(mails).toHaveLength(1);
  await expect(open(server, account).send(testMessage(), never, newThread())).rejects.toMatchObject({
    name: "SendFailure",
  });
  const wrong = open(server, { ...account, ca: cert, password: "wr0ng-password" }).send(
    testMessage(),
    never,
    newThread(),
  );
  const failure = await wrong.catch((error: unknown) => error);
  expect(failure).toMatchObject({ retryable: false });
  expect(String(failure)).not.toContain("wr0ng");
  const plain = await startServer();
  await expect(open(plain.server, { tls: "starttls" }).send(testMessage(), never, newThread())).rejects.toMatchObject({
    name: "SendFailure",
  });
  expect(plain.mails).toEqual([]);
});

test("of several readers one who is refused is named, and the others have the mail", async () => {
  const { server, mails } = await startServer({
    onRcptTo: ({ address }, _session, done) => {
      done(address === "gone@shop.test" ? Object.assign(new Error("no"), { responseCode: 550 }) : null);
    },
  });
  const sending = open(server, { to: ["ada@shop.test", "gone@shop.test"] }).send(testMessage(), never, newThread());
  await expect(sending).rejects.toMatchObject({
    partly: true,
    message: expect.stringContaining("gone@shop.test refused (answered 550), the others have it"),
  });
  expect(mails).toHaveLength(1);
});
