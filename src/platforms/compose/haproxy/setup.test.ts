import { expect, test } from "vitest";
import { alertIn } from "./setup.ts";

const NO_SOCKETS = "[ALERT]    (12) : Failed to get the sockets from the old process!";

test.each([
  [
    "[NOTICE]   (1) : New worker\n[ALERT]    (12) : Starting frontend x: cannot bind socket\n",
    "Starting frontend x: cannot bind socket",
  ],
  [`${NO_SOCKETS}\n[ALERT]    (12) : [haproxy.main()] Cannot fork.\n`, "[haproxy.main()] Cannot fork."],
  ["sh: 1: haproxy: not found\n", "sh: 1: haproxy: not found"],
  ["", "no reason given"],
])("the reason in %j", (stderr, reason) => {
  expect(alertIn(stderr)).toBe(reason);
});
