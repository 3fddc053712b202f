import type { Files } from "./types.ts";

/** Applications without a single dependency, so that their images are built without a network. */
export const RUNNING_EXAMPLES: Record<string, Files> = {
  node: {
    "package.json": JSON.stringify({
      name: "hello",
      scripts: { build: "node build.js", start: "node dist/server.js" },
      engines: { node: ">=22" },
    }),
    "package-lock.json": JSON.stringify({
      name: "hello",
      lockfileVersion: 3,
      requires: true,
      packages: { "": { name: "hello", engines: { node: ">=22" } } },
    }),
    "build.js":
      'const fs = require("fs");\nfs.mkdirSync("dist", { recursive: true });\nfs.copyFileSync("src/server.js", "dist/server.js");\n',
    "src/server.js": `const http = require("node:http");
const server = http.createServer((request, response) => {
  if (request.url !== "/healthz") response.statusCode = 404;
  response.end(String(process.getuid()));
});
server.listen(Number(process.env.PORT ?? 3000), "0.0.0.0");
process.on("SIGTERM", () => server.close(() => process.exit(0)));
`,
  },
  go: {
    "go.mod": "module example.com/hello\n\ngo 1.21\n",
    "main.go": `package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, os.Getuid()) })
	server := &http.Server{Addr: ":" + port, Handler: mux}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	go server.ListenAndServe()
	<-stop.Done()
	server.Shutdown(context.Background())
}
`,
  },
  python: {
    "requirements.txt": "# nothing yet\n",
    Procfile: "web: python server.py\n",
    "server.py": `import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path == "/health"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(str(os.getuid()).encode())


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
ThreadingHTTPServer(("0.0.0.0", int(os.environ.get("PORT", "8000"))), Handler).serve_forever()
`,
  },
  pages: {
    "index.html": "<h1>Hello</h1>\n",
    "style.css": "h1 { color: teal }\n",
  },
  ruby: {
    Gemfile: "# no gems\n",
    "Gemfile.lock": "GEM\n  specs:\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n\nBUNDLED WITH\n   2.3.7\n",
    Procfile: "web: bundle exec ruby server.rb\n",
    "server.rb": `require "socket"
server = TCPServer.new("0.0.0.0", ENV.fetch("PORT", "9292").to_i)
trap("TERM") { exit 0 }
loop do
  client = server.accept
  client.gets
  client.write "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\nConnection: close\\r\\n\\r\\n#{Process.uid}"
  client.close
end
`,
  },
};
