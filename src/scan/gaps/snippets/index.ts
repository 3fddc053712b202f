import { chi, echo, fiber, gin, netHttp } from "./go.ts";
import { express, fastify, hono, koa, nest, next, node } from "./javascript.ts";
import { aspnetCore, springBoot } from "./jvm-net.ts";
import { elysia, nuxt, remix, sveltekit } from "./meta-frameworks.ts";
import { django, fastapi, flask, python, starlette } from "./python.ts";
import { laravel, phoenix, rails, sinatra } from "./ruby-php-elixir.ts";
import { actix, axum } from "./rust.ts";
import type { Snippet, Snippets, Topic } from "./snippet.ts";

/** By the id of the framework. */
export const BY_FRAMEWORK: Record<string, Snippets> = {
  express,
  fastify,
  nest,
  hono,
  koa,
  next,
  nuxt,
  sveltekit,
  remix,
  elysia,
  fastapi,
  starlette,
  flask,
  django,
  rails,
  sinatra,
  laravel,
  gin,
  echo,
  chi,
  gorilla: netHttp,
  "net-http": netHttp,
  fiber,
  axum,
  actix,
  "spring-boot": springBoot,
  "aspnet-core": aspnetCore,
  blazor: aspnetCore,
  phoenix,
};

/** By the language, where the framework has none. */
const BY_LANGUAGE: Record<string, Snippets> = {
  JavaScript: node,
  TypeScript: node,
  Python: python,
  Go: netHttp,
};

/** Routes are made in the words of a framework; these are not. */
const ANYWHERE: ReadonlySet<Topic> = new Set(["logging", "shutdown"]);

/** What closes a gap of that kind; undefined where it is not known for the framework and the language. */
export function snippetFor(
  topic: Topic,
  framework: string | undefined,
  language: string | undefined,
): Snippet | undefined {
  const own =
    framework !== undefined && Object.hasOwn(BY_FRAMEWORK, framework) ? BY_FRAMEWORK[framework]?.[topic] : undefined;
  if (own || (framework !== undefined && !ANYWHERE.has(topic))) return own;
  return language !== undefined && Object.hasOwn(BY_LANGUAGE, language) ? BY_LANGUAGE[language]?.[topic] : undefined;
}
