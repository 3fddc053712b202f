import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { expect, test } from "vitest";
import { raw, run, spec } from "../testing.ts";
import { createAuthority, missingOpenssl } from "../tls/testing.ts";

if (missingOpenssl) console.log(`STARTTLS: skipped, ${missingOpenssl}`);

const at = (url: string) => new URL(url).host;
const ask = (tcp: string, options: object = {}, timeoutMs?: number) => run(spec("tcp", { tcp, ...options }, timeoutMs));

test("an exchange: what we send, and what has to come back", async () => {
  const host = at(
    await raw((socket) =>
      socket.on("data", (data) => {
        if (data.toString() !== "PING\r\n") return;
        socket.write("+PO");
        setTimeout(() => socket.write("NG\r\n"), 20);
      }),
    ),
  );
  expect(await ask(host, { send: "PING\r\n", expect: "+PONG" })).toMatchObject({ outcome: "ok" });
  expect(await ask(host, { send: "PING\r\n", expect: { matches: "^\\+PONG\r\n$" } })).toMatchObject({ outcome: "ok" });
  expect(await ask(host, { send: "PING\r\n", expect: "+OK" }, 300)).toMatchObject({
    outcome: "fail",
    class: "assertion",
    detail: 'the answer does not contain "+OK"',
  });
  expect(await ask(host, { send: "HELLO\r\n", expect: "x" }, 300)).toMatchObject({ class: "read-timeout" });
  expect(await ask(host)).toMatchObject({ outcome: "ok" });
});

test("a server that greets is only listened to; one that hangs up said nothing", async () => {
  const greets = at(await raw((socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n")));
  expect(await ask(greets, { expect: "SSH-2.0" })).toMatchObject({ outcome: "ok" });
  const mute = at(await raw((socket) => socket.end()));
  expect(await ask(mute, { expect: "SSH-2.0" })).toMatchObject({ class: "reset" });
});

test("an endless answer is read up to 64 KiB", async () => {
  const host = at(
    await raw((socket) => {
      const more = () => {
        while (!socket.destroyed && socket.write("a".repeat(16_384)));
      };
      socket.on("drain", more);
      more();
    }),
  );
  expect(await ask(host, { expect: "b" })).toMatchObject({ outcome: "fail", class: "assertion" });
});

test.skipIf(missingOpenssl)("STARTTLS of a mail server, with its certificate", async () => {
  const authority = createAuthority();
  const server = new SMTPServer({ ...authority.issue({ host: "mail.example.com", days: 6 }), authOptional: true });
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const host = `127.0.0.1:${(listening.address() as AddressInfo).port}`;
  const options = { starttls: "smtp", servername: "mail.example.com", ca: authority.ca } as const;
  try {
    expect(await ask(host, { ...options, send: "EHLO us\r\n", expect: "250" })).toMatchObject({
      outcome: "ok",
      facts: { secondsLeft: expect.any(Number) },
    });
    expect(await ask(host, { ...options, servername: "other.example.com" })).toMatchObject({ class: "tls-invalid" });
    const tls = await run(spec("tls", { tls: host, ...options }));
    expect(tls).toMatchObject({ outcome: "slow", class: "tls-expiring" });
  } finally {
    await new Promise<void>((done) => server.close(done));
    authority.remove();
  }
});

test("each protocol is asked in its own words; a no is an assertion", async () => {
  const dialogues = {
    imap: ["* OK ready\r\n", "a1 STARTTLS\r\n", "a1 NO not today\r\n"],
    pop3: ["+OK ready\r\n", "STLS\r\n", "-ERR not today\r\n"],
    ftp: ["220-Hello\r\n220 ready\r\n", "AUTH TLS\r\n", "502 not today\r\n"],
    postgres: ["", "\0\0\0\b\u0004\u{fffd}\u0016/", "N"],
  } as const;
  for (const [starttls, [greeting, question, no]] of Object.entries(dialogues)) {
    const heard: string[] = [];
    const server = await raw((socket) => {
      if (greeting) socket.write(greeting);
      socket.on("data", (data) => {
        heard.push(data.toString());
        socket.write(no);
      });
    });
    expect(await ask(at(server), { starttls })).toMatchObject({
      class: "assertion",
      detail: expect.stringContaining(`the server does not turn to TLS (${starttls})`),
    });
    expect(heard).toEqual([question]);
  }
});

test("a pattern that never ends is not tried with each byte that comes", async () => {
  const drip = await raw((socket) => {
    const timer = setInterval(() => socket.write("a".repeat(50)), 1);
    socket.once("close", () => clearInterval(timer));
  });
  const result = await ask(at(drip), { expect: { matches: "(a+)+!$" } }, 20_000);
  expect(result).toMatchObject({ class: "assertion", detail: expect.stringContaining("took longer than 100 ms") });
  expect(result.durationMs).toBeLessThan(15_000);
});

test("a server that never gets to TLS, or hangs up before", async () => {
  const silent = at(await raw(() => {}));
  expect(await ask(silent, { starttls: "smtp" }, 300)).toMatchObject({ outcome: "fail", class: "connect-timeout" });
  const rude = at(await raw((socket) => socket.end("220 hello\r\n")));
  expect(await ask(rude, { starttls: "smtp" })).toMatchObject({ outcome: "fail", class: "reset" });
});
