import type { View } from "../../collector.ts";
import type { JvmProject } from "./project.ts";
import { setting } from "./settings-files.ts";

/** What a build leaves that can be started. */
export interface Artifact {
  /** Task of Gradle, goal of Maven. */
  task: string;
  start: string;
  /** What the form of the start is worth. */
  confidence: number;
}

/** A program whose build is looked at. */
export interface Program {
  view: View;
  project: JvmProject;
  framework: string | undefined;
  /** Class with the main method, as far as the code tells it. */
  mainClass: string | undefined;
}

/** How Quarkus is started from the folder of its build; `name` is that of the jar without its ending. */
export function quarkusStart(view: View, folder: string, name: string): string {
  const type = setting(view, ["quarkus.package.jar.type", "quarkus.package.type"])?.value;
  return type === "uber-jar"
    ? `java -jar ${folder}/${name}-runner.jar`
    : `java -jar ${folder}/quarkus-app/quarkus-run.jar`;
}
