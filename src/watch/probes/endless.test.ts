import { expect, test } from "vitest";
import { get, http, raw } from "./testing.ts";

test("an endless body that only the end of the connection ends is cut short; what is left of it does no harm", async () => {
  const url = await raw((socket) => {
    const chunk = Buffer.alloc(64 * 1024, "a");
    const more = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on("drain", more).once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      more();
    });
  });
  expect(await get(url, { expect: { body: "aaa" } })).toMatchObject({ outcome: "ok" });
  expect(await get(url, { expect: { body: "b" } })).toMatchObject({ class: "assertion" });
  // An error at the end of the connection would come now, and nobody could catch it.
  await new Promise((resolve) => setTimeout(resolve, 100));
});

test("an answer that is nested without end is judged like any other", async () => {
  const url = await http((_, response) => response.end(`{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`));
  expect(await get(url, { expect: { json: { "$.a": "1" } } })).toMatchObject({
    outcome: "fail",
    class: "assertion",
    detail: '$.a is nested too deeply to be shown, expected "1"',
  });
});
