import { baseOf, extensionOf } from "../../../formats/tree.ts";
import type { Snapshot } from "../../snapshot.ts";

/** What others wrote and people keep beside their own code. */
const VENDORED =
  /(?:^|\/)(?:node_modules|bower_components|jspm_packages|vendors?|third[_-]?party|3rd[_-]?party|externals?|extern|deps|dist|Pods|Carthage|Godeps|wwwroot\/lib|gradle\/wrapper|\.yarn|\.vscode|\.idea|\.husky|(?:test|tests|spec)\/fixtures|testdata)\//i;
const VENDORED_FILE =
  /^(?:jquery(?:[.-][\w.-]+)?|bootstrap(?:[.-][\w.-]+)?|modernizr(?:[.-][\w.-]+)?|font-?awesome(?:[.-][\w.-]+)?|normalize|tailwind(?:\.\w+)?|popper(?:\.[\w.-]+)?|vue(?:\.global)?(?:\.prod)?|react(?:-dom)?\.production)\.(?:js|css|scss|less)$|^(?:gradlew(?:\.bat)?|mvnw(?:\.cmd)?|Vagrantfile|configure|config\.guess|config\.sub|ltmain\.sh)$/i;
const DOCUMENTS = /^(?:docs?|documentation|examples?|samples?|demos?)\//i;
/** Names that programs give to what they write. */
const GENERATED =
  /[.-]min\.(?:js|css|mjs)$|\.bundle\.js$|\.js\.map$|\.pb\.(?:go|cc|h)$|_pb2(?:_grpc)?\.pyi?$|_pb\.(?:js|d\.ts|rb)$|\.g\.(?:dart|cs|i\.cs)$|\.freezed\.dart$|\.designer\.(?:cs|vb)$|(?:^|\/)(?:__generated__|generated|\.pnp\.c?js)(?:\/|$)|_generated\.(?:go|ts|js|rs)$|\.generated\.\w+$|(?:^|\/)(?:parser|lexer)\.tab\.[ch]$/i;
const MINIFIED = { bytes: 40_000, lineLength: 110 };
const GO_MARK = /^\/\/ Code generated .* DO NOT EDIT\.$/m;

/** Whether a file's bytes are counted for a language; `inside` is its path from the unit's folder. */
export function isCounted(snapshot: Snapshot, path: string, inside: string): boolean {
  if (VENDORED.test(inside) || VENDORED_FILE.test(baseOf(path)) || DOCUMENTS.test(inside) || GENERATED.test(inside))
    return false;
  const extension = extensionOf(path);
  if (extension === "go") return !GO_MARK.test((snapshot.text(path) ?? "").slice(0, 4_096));
  if ((extension === "js" || extension === "css") && snapshot.size(path) > MINIFIED.bytes)
    return !isMinified(snapshot.text(path) ?? "");
  return true;
}

function isMinified(text: string): boolean {
  const lines = text.split("\n").length;
  return text.length / lines > MINIFIED.lineLength;
}
