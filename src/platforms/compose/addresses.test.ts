import { expect, test } from "vitest";
import { ownListen, placesOf } from "./addresses.ts";
import type { Listen } from "./recorded.ts";

const ROUTE = "shop:production:api";
const AWAY = [
  { name: "ada@h1", address: "10.0.0.1" },
  { name: "h2", address: "fd00::2" },
];
const HERE = [{ name: "local", address: "127.0.0.1" }];
const OPEN: Listen = { port: 80, bind: "0.0.0.0" };
const LOOPBACK: Listen = { port: 8080, bind: "127.0.0.1" };
const TLS: Listen = { port: 443, bind: "0.0.0.0", tls: "/etc/shop.pem", domain: "shop.example.com" };

test.each<[string, Listen, typeof AWAY, { url: string; internal: boolean }]>([
  ["a port", OPEN, AWAY, { url: "http://10.0.0.1", internal: false }],
  [
    "a domain",
    { ...OPEN, port: 8080, domain: "a.example.com" },
    AWAY,
    { url: "http://a.example.com:8080", internal: false },
  ],
  ["a certificate", TLS, AWAY, { url: "https://shop.example.com", internal: false }],
  ["nothing", ownListen(ROUTE), AWAY, { url: "http://api:3000", internal: true }],
  ["nothing, on this machine", ownListen(ROUTE), HERE, { url: "http://api:3000", internal: true }],
  ["loopback of a server", LOOPBACK, AWAY, { url: "http://api:3000", internal: true }],
  ["loopback of this machine", LOOPBACK, HERE, { url: "http://127.0.0.1:8080", internal: false }],
  [
    "loopback behind something with a domain",
    { ...LOOPBACK, domain: "a.example.com" },
    AWAY,
    { url: "http://a.example.com", internal: false },
  ],
])("people are told of a service with %s where it is called", (_, listen, hosts, expected) => {
  expect(placesOf(hosts, { listen, route: ROUTE, inside: "http://api:3000" })).toMatchObject(expected);
});

test("each host is asked at its own address, with the name that is meant; on loopback through the host", () => {
  const places = (listen: Listen) => placesOf(AWAY, { listen, route: ROUTE, inside: undefined }).hosts;
  expect(places(TLS)).toEqual([
    { host: "ada@h1", listensAt: "https://10.0.0.1", hostName: "shop.example.com" },
    { host: "h2", listensAt: "https://[fd00::2]", hostName: "shop.example.com" },
  ]);
  expect(places(LOOPBACK)).toEqual([
    { host: "ada@h1", listensAt: "http://127.0.0.1:8080", through: true },
    { host: "h2", listensAt: "http://127.0.0.1:8080", through: true },
  ]);
});
