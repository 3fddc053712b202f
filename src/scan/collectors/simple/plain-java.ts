import { baseOf, extensionOf } from "../../../formats/tree.ts";
import { ownFile, type SimpleLanguage } from "./model.ts";

const MAIN = /\bstatic\s+(?:final\s+)?void\s+main\s*\(/;
const SERVLETS = /\bextends\s+HttpServlet\b|@WebServlet\b/;

/** Java that Ant or an editor builds: an archive for a servlet container, or a program. */
export const plainJava: SimpleLanguage = (view) => {
  const own = ownFile(view, "build.xml", ".classpath");
  const sources = view.sources.filter((file) => extensionOf(file) === "java");
  const [first] = sources;
  const isBuilt = view.unit.markers.some((marker) =>
    /^(?:pom\.xml|build\.(?:gradle(?:\.kts)?|sbt)|settings\.gradle)/.test(marker),
  );
  if (!own || first === undefined || isBuilt) return undefined;
  const ant = baseOf(own.file) === "build.xml" && /<project\b/.test(own.text);
  const web =
    view.files.find((file) => file.endsWith("/WEB-INF/web.xml")) ??
    sources.find((file) => SERVLETS.test(view.snapshot.code(file)?.bare ?? ""));
  const main = sources.some((file) => MAIN.test(view.snapshot.code(file)?.bare ?? ""));
  return {
    language: "Java",
    runtime: { name: "java" },
    at: web === undefined ? view.seen(own.file, 1, "build") : view.seen(web, 1, "web"),
    declared: true,
    ...(ant ? { packageManager: "ant", build: "ant" } : {}),
    kind: web === undefined ? (main ? undefined : "library") : "web",
  };
};
