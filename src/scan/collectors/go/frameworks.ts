import type { GoImport } from "./code.ts";

/** Import paths without their major version, the most specific first: fiber stands on fasthttp. */
const FRAMEWORKS: readonly (readonly [path: string, id: string])[] = [
  ["github.com/pocketbase/pocketbase", "pocketbase"],
  ["github.com/gobuffalo/buffalo", "buffalo"],
  ["github.com/revel/revel", "revel"],
  ["github.com/beego/beego", "beego"],
  ["github.com/astaxie/beego", "beego"],
  ["github.com/zeromicro/go-zero/rest", "go-zero"],
  ["github.com/gogf/gf", "goframe"],
  ["gofr.dev/pkg/gofr", "gofr"],
  ["go-micro.dev", "go-micro"],
  ["github.com/micro/go-micro", "go-micro"],
  ["github.com/go-kratos/kratos", "kratos"],
  ["github.com/cloudwego/hertz", "hertz"],
  ["github.com/kataras/iris", "iris"],
  ["github.com/gin-gonic/gin", "gin"],
  ["github.com/labstack/echo", "echo"],
  ["github.com/gofiber/fiber", "fiber"],
  ["github.com/go-chi/chi", "chi"],
  ["github.com/gorilla/mux", "gorilla"],
  ["github.com/valyala/fasthttp", "fasthttp"],
];

/** The framework that imports name, and where; `net/http` alone is none. */
export function frameworkOf(imports: readonly GoImport[]): { id: string; import: GoImport } | undefined {
  const plain = imports.map((found) => ({ found, path: found.path.replace(/\/v\d+(?=\/|$)/, "") }));
  for (const [base, id] of FRAMEWORKS) {
    const hit = plain.find(({ path }) => path === base || path.startsWith(`${base}/`));
    if (hit) return { id, import: hit.found };
  }
  return undefined;
}
