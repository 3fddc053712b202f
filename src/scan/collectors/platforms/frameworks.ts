/** Names of frameworks at platforms, where they are not ours. */
const FRAMEWORKS: Record<string, string> = {
  nextjs: "next",
  nuxtjs: "nuxt",
  nuxt: "nuxt",
  remix: "remix",
  "react-router": "react-router",
  sveltekit: "sveltekit",
  "sveltekit-1": "sveltekit",
  astro: "astro",
  angular: "angular",
  vite: "vite",
  "create-react-app": "create-react-app",
  gatsby: "gatsby",
  "tanstack-start": "tanstack-start",
  solidstart: "solidstart",
  "solidstart-1": "solidstart",
  vue: "vue-cli",
  express: "express",
  fastify: "fastify",
  nestjs: "nest",
  hono: "hono",
  koa: "koa",
  h3: "nitro",
  nitro: "nitro",
  elysia: "elysia",
  fastapi: "fastapi",
  flask: "flask",
  django: "django",
  hugo: "hugo",
  jekyll: "jekyll",
  eleventy: "eleventy",
  zola: "zola",
  docusaurus: "docusaurus",
  "docusaurus-2": "docusaurus",
  vitepress: "vitepress",
  hexo: "hexo",
};

/** Our id of a framework that a platform names; undefined for "other" and those that nobody here knows. */
export function frameworkOf(name: string): string | undefined {
  return Object.hasOwn(FRAMEWORKS, name) ? FRAMEWORKS[name] : undefined;
}
