import { amplify } from "./amplify.ts";
import { appEngine } from "./app-engine.ts";
import { appRunner } from "./app-runner.ts";
import { captain } from "./captain.ts";
import { cloudflare } from "./cloudflare.ts";
import { compose } from "./compose/index.ts";
import { digitalocean } from "./digitalocean.ts";
import { dockerfile } from "./dockerfile/index.ts";
import { firebase } from "./firebase.ts";
import { fly } from "./fly.ts";
import { heroku } from "./heroku.ts";
import { kamal } from "./kamal.ts";
import { helm } from "./kubernetes/helm.ts";
import { kubernetes } from "./kubernetes/index.ts";
import { netlify } from "./netlify.ts";
import { nixpacks, railpack } from "./nixpacks.ts";
import { pipelines } from "./pipelines/index.ts";
import type { Platform } from "./platform.ts";
import { procfile } from "./procfile.ts";
import { railway } from "./railway.ts";
import { railwayCode } from "./railway-code.ts";
import { render } from "./render.ts";
import { sam, serverless } from "./serverless.ts";
import { vercel } from "./vercel.ts";
import { webServer } from "./web-server.ts";

/** Platforms whose configurations are read. */
export const PLATFORMS: readonly Platform[] = [
  ...[railway, railwayCode, vercel, netlify, fly, render, procfile, heroku, digitalocean, nixpacks, railpack],
  ...[dockerfile, compose, kubernetes, helm, kamal, captain],
  ...[appEngine, appRunner, amplify, serverless, sam, cloudflare, firebase],
  ...pipelines,
  webServer,
];
