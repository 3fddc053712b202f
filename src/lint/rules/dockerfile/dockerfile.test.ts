import { describe, expect, it } from "vitest";
import { about, judge } from "../testing.ts";
import { DOCKERFILE_RULES } from "./index.ts";

type Files = Record<string, string>;
/** Rule, what it is about, the Dockerfile, what its findings say (`line severity words`), the other files. */
type Row = [rule: string, name: string, text: string, expected: (string | RegExp)[], files?: Files];

const rows: Row[] = [
  ["SM01", "no tag", "FROM node", ["1 error node has no tag"]],
  ["SM01", "latest", "FROM nginx:latest", ["1 error nginx:latest moves"]],
  ["SM01", "a moving tag of a variant", "FROM rust:latest-slim", [/moves/]],
  [
    "SM01",
    "a tag, a digest, a stage, nothing",
    `FROM node:22-alpine AS base\nFROM node@sha256:${"a".repeat(64)}\nFROM base\nFROM scratch`,
    [],
  ],
  ["SM01", "a port of a registry is no tag", "FROM localhost:5000/acme/api", [/has no tag/]],
  ["SM01", "an argument without a default", "ARG BASE\nFROM ${BASE}", []],
  ["SM01", "an argument with a moving default", "ARG TAG=latest\nFROM node:${TAG}", ["2 warning node:latest moves"]],
  [
    "SM01",
    "an image that files come from",
    "FROM a:1\nCOPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/",
    ["2 warning ghcr.io"],
  ],
  [
    "SM01",
    "an image that files come from, with a version",
    "FROM a:1\nCOPY --from=composer:2 /usr/bin/composer /bin/",
    [],
  ],

  ["SM02", "no USER", 'FROM node:22\nCMD ["node", "a.js"]', ["2 error no USER"]],
  ["SM02", "root again at the end", "FROM node:22\nUSER node\nUSER root", ["3 error the image runs as root"]],
  ["SM02", "0 with a group", "FROM node:22\nUSER 0:0", [/runs as 0/]],
  ["SM02", "a number", "FROM node:22\nUSER 10001:10001", []],
  ["SM02", "a name", "FROM node:22\nUSER node", ["2 note USER node is a name"]],
  ["SM02", "of the stage below", "FROM node:22 AS base\nUSER 1000\nFROM base\nRUN a", []],
  ["SM02", "a variable", "FROM node:22\nARG UID\nUSER ${UID}", []],
  ["SM02", "a variable that is root", "FROM node:22\nARG UID=0\nUSER ${UID}", [/runs as 0/]],
  ["SM02", "images of others may have one", "FROM ghcr.io/acme/base:1", ["1 warning no USER"]],
  ["SM02", "images that have one", "FROM gcr.io/distroless/static:nonroot\nFROM nginxinc/nginx-unprivileged:1.27", []],
  ["SM02", "Windows", "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER ContainerUser", []],

  ["SM03", "a server without check", "FROM node:22\nEXPOSE 3000", ["2 warning no HEALTHCHECK"]],
  ["SM03", "a check that is switched off", "FROM node:22\nEXPOSE 3000\nHEALTHCHECK NONE", ["3 warning no HEALTHCHECK"]],
  ["SM03", "no server", "FROM node:22\nCMD a", []],
  ["SM03", "a port of UDP only", "FROM node:22\nEXPOSE 53/udp", []],
  ["SM03", "a check of the stage below", "FROM node:22 AS b\nHEALTHCHECK CMD node c.js\nFROM b\nEXPOSE 80", []],
  [
    "SM03",
    "curl in alpine",
    "FROM node:22-alpine\nHEALTHCHECK CMD curl -f http://localhost || exit 1",
    ["2 error the health check needs curl"],
  ],
  [
    "SM03",
    "curl in alpine that was installed",
    "FROM node:22-alpine\nRUN apk add --no-cache curl\nHEALTHCHECK CMD curl -f http://x",
    [],
  ],
  ["SM03", "wget of busybox", "FROM node:22-alpine\nHEALTHCHECK CMD wget -qO- http://localhost", []],
  ["SM03", "wget in a slim image", "FROM python:3.12-slim\nHEALTHCHECK CMD wget -q http://localhost", [/needs wget/]],
  [
    "SM03",
    "a shell in a distroless image",
    "FROM gcr.io/distroless/static:nonroot\nHEALTHCHECK CMD /app health",
    [/needs sh/],
  ],
  [
    "SM03",
    "a list in a distroless image",
    'FROM gcr.io/distroless/static:nonroot\nHEALTHCHECK CMD ["/app", "health"]',
    [],
  ],
  [
    "SM03",
    "a tool that an unknown script may bring",
    "FROM node:22-alpine\nRUN ./setup.sh\nHEALTHCHECK CMD curl http://x",
    [],
  ],
  ["SM03", "the curl of nginx", "FROM nginx:1.27-alpine\nHEALTHCHECK CMD curl -f http://localhost", []],

  ["SM04", "a relative folder", "FROM a:1\nWORKDIR app", ["2 warning WORKDIR app is relative: write /app"]],
  [
    "SM04",
    "a relative folder below another",
    "FROM a:1\nWORKDIR /srv\nWORKDIR web",
    ["3 note WORKDIR web is relative: write /srv/web"],
  ],
  [
    "SM04",
    "absolute, of a variable, of Windows",
    'FROM a:1\nENV D=/x\nWORKDIR $D\nWORKDIR "/a b"\nWORKDIR C:\\\\app',
    [],
  ],
  ["SM04", "cd", "FROM a:1\nRUN a && cd /x && make", ["2 note cd is forgotten"]],
  ["SM04", "cd in parentheses", "FROM a:1\nRUN (cd /x && make)", []],

  ["SM05", "shell form", "FROM a:1\nCMD npm start", ["2 warning CMD runs in a shell"]],
  ["SM05", "a list in single quotes", "FROM a:1\nCMD ['node', 'a.js']", [/no JSON/]],
  [
    "SM05",
    "several",
    'FROM a:1\nCMD ["a"]\nENTRYPOINT ["x"]\nENTRYPOINT ["y"]\nCMD ["b"]',
    ["2 warning only the last CMD", "3 warning only the last ENTRYPOINT"],
  ],
  ["SM05", "one of each in each stage", 'FROM a:1 AS x\nCMD ["a"]\nFROM a:1\nENTRYPOINT ["e"]\nCMD ["b"]', []],

  ["SM06", "ADD of a file", "FROM a:1\nADD app.js /app/", ["2 warning COPY does this"]],
  [
    "SM06",
    "ADD of an archive, a repository, a checked address",
    "FROM a:1\nADD root.tar.gz /\nADD https://git.example/x.git /x\nADD --checksum=sha256:1 https://x.example/a /a",
    [],
  ],
  ["SM06", "ADD of an address", "FROM a:1\nADD https://x.example/a /a", [/--checksum/]],
  [
    "SM06",
    "a stage that comes later",
    "FROM a:1\nCOPY --from=build /x /x\nFROM a:1 AS build",
    ["2 error stage build stands after"],
  ],
  ["SM06", "its own stage", "FROM a:1 AS me\nCOPY --from=me /x /x", [/cannot copy from itself/]],
  ["SM06", "a number of no stage", "FROM a:1\nCOPY --from=1 /x /x", [/no stage 1/]],
  ["SM06", "a name of no stage", "FROM a:1\nCOPY --from=biuld /x /x", ["2 warning no earlier stage"]],
  ["SM06", "a name twice", "FROM a:1 AS x\nFROM a:1 AS X", ["2 error stage X has the name"]],
  [
    "SM06",
    "an earlier stage in other letters, a number, a mount",
    "FROM a:1 AS Build\nFROM a:1\nCOPY --from=build /a /\nCOPY --from=0 /a /\nRUN --mount=type=bind,from=build,target=/b b",
    [],
  ],
  ["SM06", "a base that comes later", "FROM base\nFROM a:1 AS base", ["1 error stage base stands after"]],

  [
    "SM07",
    "nothing right",
    "FROM debian:12\nRUN apt-get update && apt-get install curl",
    [/add -y/, /recommended/, /lists of apt/],
  ],
  [
    "SM07",
    "all right",
    "FROM debian:12\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends curl \\\n && rm -rf /var/lib/apt/lists/*",
    [],
  ],
  [
    "SM07",
    "options before the verb",
    "FROM debian:12\nRUN apt-get -qq update && apt-get -yq --no-install-recommends install a && rm -r /var/lib/apt/lists",
    [],
  ],
  ["SM07", "apt", "FROM debian:12\nRUN apt install -y --no-install-recommends a", [/use apt-get/]],
  [
    "SM07",
    "lists in a cache",
    "FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y --no-install-recommends a",
    [],
  ],
  [
    "SM07",
    "a stage that is thrown away",
    "FROM debian:12 AS b\nRUN apt-get update && apt-get install -y make\nFROM debian:12",
    [],
  ],
  [
    "SM07",
    "settings of apt",
    "FROM debian:12\nRUN echo 'APT::Install-Recommends \"0\";' > /etc/apt/apt.conf.d/1\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*",
    [],
  ],
  [
    "SM07",
    "a here-document",
    "FROM debian:12\nRUN <<EOF\napt-get update\napt-get install -y --no-install-recommends a\nrm -rf /var/lib/apt/lists/*\nEOF",
    [],
  ],

  ["SM08", "sudo", "FROM a:1\nRUN sudo make", ["2 warning sudo"]],
  ["SM08", "a package of that name", "FROM debian:12\nRUN apt-get install -y sudo", []],
  ["SM08", "a pipe", "FROM a:1\nRUN curl -s https://x | tar xz", ["2 warning if curl fails"]],
  [
    "SM08",
    "a pipe with pipefail",
    'FROM a:1\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a | b\nFROM a:1\nRUN set -o pipefail && a | b',
    [],
  ],
  [
    "SM08",
    "the shell of the stage below",
    'FROM a:1 AS x\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nFROM x\nRUN a | b',
    [],
  ],
  ["SM08", "or, echo, a pipe in quotes", "FROM a:1\nRUN a || b\nRUN echo x | tee y\nRUN sed 's|a|b|' f", []],
];

describe("rules of Dockerfiles", () => {
  it.each(rows)("%s: %s", (rule, _, text, expected, files = {}) => {
    const rules = DOCKERFILE_RULES.filter(({ id }) => id === rule);
    const found = about("Dockerfile", judge(rules, { ...files, Dockerfile: text }));
    expect(found).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) expect(found[index]).toMatch(words);
  });
});
