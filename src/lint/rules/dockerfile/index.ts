import type { Rule } from "../../rule.ts";
import { apt } from "./apt.ts";
import { baseImage } from "./base-image.ts";
import { copy } from "./copy.ts";
import { execForm } from "./exec-form.ts";
import { finalStage } from "./final-stage.ts";
import { health } from "./health.ts";
import { lockfile } from "./lockfile.ts";
import { pip } from "./pip.ts";
import { secrets } from "./secrets.ts";
import { shell } from "./shell.ts";
import { startProgram } from "./start-program.ts";
import { user } from "./user.ts";
import { workdir } from "./workdir.ts";

/** SM01 to SM13. */
export const DOCKERFILE_RULES: readonly Rule[] = [
  baseImage,
  user,
  health,
  workdir,
  execForm,
  copy,
  apt,
  shell,
  secrets,
  lockfile,
  finalStage,
  pip,
  startProgram,
];
