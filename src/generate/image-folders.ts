import { joinPath } from "../formats/tree.ts";
import { contextOf } from "./kinds/dockerfile/context.ts";
import type { PlannedService } from "./plan.ts";

/** Where images keep the application. */
const HOME = "/app";
/** What is built into one program has no folders of the repository around it. */
const COMPILED: ReadonlySet<string> = new Set(["go", "rust", "java", "dotnet", "elixir"]);
/** Folders that a framework writes to while it runs, and may forget. */
const SCRATCH: Record<string, readonly string[]> = {
  next: [".next/cache"],
  rails: ["log", "tmp"],
  laravel: ["storage/framework/cache", "storage/framework/sessions", "storage/logs"],
  symfony: ["var/cache/prod/pools", "var/log"],
};

type Site = Pick<PlannedService, "path" | "workspace" | "internal" | "runtime" | "framework" | "role"> &
  Partial<Pick<PlannedService, "dockerfile">>;

/** A folder of the repository as the context sees it; `.` where they are the same. */
export function insideContext(context: string, folder: string): string {
  if (context === folder) return ".";
  return context !== "." && folder.startsWith(`${context}/`) ? folder.slice(context.length + 1) : folder;
}

/** The folder of the image that holds what the service's folder holds; commands run in it. */
export function homeOf(service: Site): string {
  const folder = COMPILED.has(service.runtime.name) ? "." : insideContext(contextOf(service), service.path);
  const theirs = service.dockerfile?.own?.home ?? null;
  // Programs of an image of one's own start in its folder, whatever is around it.
  if (theirs !== null && (folder === "." || theirs.endsWith(`/${folder}`))) return theirs;
  const home = theirs === null ? HOME : theirs.replace(/\/$/, "");
  return folder === "." ? home : `${home}/${folder}`;
}

/** A folder of the service as its image has it. */
export function inImage(service: Site, folder: string): string {
  return folder.startsWith("/") ? folder : `${homeOf(service).replace(/\/$/, "")}/${joinPath(".", folder) ?? folder}`;
}

/** Folders of the image that the program writes to and may lose: memory is mounted there where nothing else can be written. */
export function scratchFolders(service: Site): string[] {
  if (service.role === "static") return [];
  return (SCRATCH[service.framework ?? ""] ?? []).map((folder) => inImage(service, folder));
}
