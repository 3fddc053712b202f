import type { Kind } from "./kind.ts";
import { dockerfile } from "./kinds/dockerfile/kind.ts";

/** All kinds of files, in the order they are shown. */
export const KINDS: readonly Kind[] = [dockerfile];
