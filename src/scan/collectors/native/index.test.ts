import { describe, expect, test } from "vitest";
import { collectOnly } from "../environment/testing.ts";
import { nativeCollector } from "./index.ts";

function native(files: Record<string, string>): string[] {
  return [...new Set(collectOnly(nativeCollector, files).claims.map(({ key = "" }) => key))].sort();
}

const CASES: { title: string; files: Record<string, string>; expected: string[] }[] = [
  { title: "a browser", files: { "package.json": `{"dependencies":{"puppeteer":"22"}}` }, expected: ["chromium"] },
  { title: "a browser for tests", files: { "package.json": `{"devDependencies":{"playwright":"1"}}` }, expected: [] },
  {
    title: "a browser that brings itself",
    files: { "package.json": `{"dependencies":{"puppeteer-core":"22","@sparticuz/chromium":"1"}}` },
    expected: [],
  },
  {
    title: "what brings its own library",
    files: { "package.json": `{"dependencies":{"sharp":"0.33","bcrypt":"5","canvas":"2"}}` },
    expected: [],
  },
  {
    title: "an old one that is compiled",
    files: { "package.json": `{"dependencies":{"bcrypt":"^3.0.8"}}` },
    expected: ["g++", "make", "python3"],
  },
  { title: "videos", files: { "package.json": `{"dependencies":{"fluent-ffmpeg":"2"}}` }, expected: ["ffmpeg"] },
  {
    title: "programs that code starts",
    files: {
      "package.json": "{}",
      "a.js": `spawn("ffmpeg", args);\nexecSync("pg_dump " + url);\n// exec("convert")\nexec("ls")`,
    },
    expected: ["ffmpeg", "postgresql-client"],
  },
  {
    title: "C in Go",
    files: { "go.mod": "module x", "main.go": `package main\n\nimport "C"\n` },
    expected: ["gcc", "libc6-dev"],
  },
  {
    title: "SQLite in Go, and an indirect one",
    files: {
      "go.mod": "module x\nrequire (\n\tgithub.com/mattn/go-sqlite3 v1\n\tgithub.com/h2non/bimg v1 // indirect\n)",
    },
    expected: ["gcc", "libc6-dev"],
  },
  {
    title: "OpenSSL in Rust",
    files: { "Cargo.toml": "[package]\nname='x'", "Cargo.lock": `[[package]]\nname = "openssl-sys"\nversion = "0.9"` },
    expected: ["libssl-dev", "pkg-config"],
  },
  {
    title: "OpenSSL that Rust builds itself",
    files: { "Cargo.toml": "", "Cargo.lock": `[[package]]\nname = "openssl-src"\n[[package]]\nname = "openssl-sys"` },
    expected: [],
  },
  {
    title: "pictures in .NET",
    files: {
      "A.csproj": `<Project><ItemGroup><PackageReference Include="System.Drawing.Common" Version="6"/></ItemGroup></Project>`,
    },
    expected: ["libgdiplus"],
  },
];

describe("packages of the system", () => {
  test.each(CASES)("$title", ({ files, expected }) => {
    expect(native(files)).toEqual(expected);
  });
});
