import { elementsAt, textAt } from "../../../formats/xml.ts";
import type { View } from "../../collector.ts";
import { nearestFile } from "../../nearby.ts";
import { claimRuntime, toolVersions, type VersionSeen } from "../../runtime-pins.ts";
import { hitsIn } from "../../search.ts";
import { type Pom, pluginsOf, propertyElement, resolved } from "./pom.ts";
import type { JvmProject } from "./project.ts";

const FILES: readonly [base: string, pattern: RegExp][] = [
  ["system.properties", /^[^\S\n]*java\.runtime\.version\s*[=:]\s*([\w.+-]+)/gm],
  [".java-version", /^[^\S\n]*(?:[a-z]+-)*(\d[\w.+]*)/gm],
  [".sdkmanrc", /^[^\S\n]*java\s*=\s*(\d[\d.]*)/gm],
];
const PROPERTIES = [
  "maven.compiler.release",
  "java.version",
  "maven.compiler.source",
  "maven.compiler.target",
  "jdk.version",
  "release.version",
  "kotlin.compiler.jvmTarget",
];
const GRADLE = [
  /JavaLanguageVersion\.of\(\s*["']?(\d+)/g,
  /\bjvmToolchain\s*\(?\s*(\d+)/g,
  /\b(?:sourceCompatibility|targetCompatibility)\b\s*(?:=|\.set\()?\s*(?:JavaVersion\.(?:VERSION_)?(?:toVersion\()?)?["']?(\d[\d._]*)/g,
  /\bjvmTarget\b\s*(?:=|\.set\()\s*(?:JvmTarget\.JVM_)?["']?(\d[\d._]*)/g,
  /\brelease\b\s*(?:=|\.set\()\s*(\d+)/g,
];

/** Claims the version of Java: of version files, then of the build. */
export function claimJava(view: View, project: JvmProject): void {
  const { snapshot, unit } = view;
  const seen: VersionSeen[] = FILES.flatMap(([base, pattern]) => {
    const file = nearestFile(snapshot, unit.path, base);
    const hit = file === undefined ? undefined : hitsIn(snapshot.text(file) ?? "", pattern, file)[0];
    return hit?.match[1]
      ? [{ version: hit.match[1], exact: true, at: view.seen(hit.file, hit.place, "version-file") }]
      : [];
  });
  for (const { version, at } of toolVersions(view, ["java"]))
    seen.push({ version: version.replace(/^[a-z][a-z-]*-(?=\d)/i, ""), exact: true, at });
  const declared =
    project.build.tool === "maven" ? mavenVersion(view, project.build.pom) : gradleVersion(view, project.build.gradle);
  const found = [...seen, ...(declared ? [declared] : [])][0];
  if (found) claimRuntime(view, "java", [found]);
  else
    view.claim(
      "runtime",
      { name: "java", version: null },
      { source: "project", at: view.seen(project.file, 1, "build") },
    );
}

function mavenVersion(view: View, pom: Pom): VersionSeen | undefined {
  const compiler = pluginsOf(pom).filter(({ id }) => id.endsWith(":maven-compiler-plugin"));
  for (const key of ["release", "source"])
    for (const { element, file } of compiler) {
      const version = resolved(pom, textAt(element, "configuration", key));
      const place = elementsAt(element, "configuration", key)[0];
      if (version) return { version, exact: true, at: view.seen(file, place, "compiler") };
    }
  for (const name of PROPERTIES) {
    const found = propertyElement(pom, name);
    const version = resolved(pom, found?.element.text);
    if (found && version) return { version, exact: true, at: view.seen(found.file, found.element, "property") };
  }
  return undefined;
}

function gradleVersion(
  view: View,
  { file, root, code }: { file: string; root: string; code: string },
): VersionSeen | undefined {
  const { snapshot } = view;
  const above = ["build.gradle", "build.gradle.kts"].map((base) => (root === "." ? base : `${root}/${base}`));
  const conventions = [...snapshot.withExtension("gradle"), ...snapshot.withExtension("kts")].filter((path) =>
    /(?:^|\/)src\/main\/(?:kotlin|groovy)\/[^/]+\.gradle(?:\.kts)?$/.test(path),
  );
  const texts: [string, string][] = [
    [file, code],
    ...[...above, ...conventions].map((path): [string, string] => [path, snapshot.code(path, "c")?.code ?? ""]),
  ];
  for (const [path, text] of texts)
    for (const pattern of GRADLE) {
      const hit = hitsIn(text, pattern, path)[0];
      if (hit?.match[1])
        return { version: hit.match[1].replace("_", "."), exact: true, at: view.seen(path, hit.place, "toolchain") };
    }
  return undefined;
}
