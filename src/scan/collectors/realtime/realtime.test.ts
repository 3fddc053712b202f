import { expect, test } from "vitest";
import { memoryFiles } from "../../files.ts";
import { scanUnits } from "../../scan.ts";
import { takeSnapshot } from "../../snapshot.ts";

function websocket(files: Record<string, string>): string | undefined {
  const fact = scanUnits(takeSnapshot(memoryFiles(files))).units[0]?.facts.get("websocket");
  const { library } = (fact?.value ?? {}) as { library?: string };
  return fact && `${library} ${fact.evidence[0]?.file}:${fact.evidence[0]?.line}`;
}

const NODE = { "package.json": "{}" };
const PYTHON = { "requirements.txt": "" };
const GO = { "go.mod": "module x" };

test.each<[string, Record<string, string>, string | undefined]>([
  ["ws", { ...NODE, "a.ts": 'import { WebSocketServer } from "ws";\nnew WebSocketServer({ server });' }, "ws a.ts:2"],
  ["socket.io", { ...NODE, "a.js": 'const { Server } = require("socket.io");' }, "socket.io a.js:1"],
  ["a gateway of Nest", { ...NODE, "a.ts": "\n@WebSocketGateway()\nclass G {}" }, "nestjs-websockets a.ts:2"],
  ["a client of ws", { ...NODE, "a.ts": 'import { WebSocket } from "ws";\nnew WebSocket("wss://x");' }, undefined],
  ["a client of socket.io", { ...NODE, "a.ts": 'import { io } from "socket.io-client";' }, undefined],
  ["Channels", { ...PYTHON, "asgi.py": "from channels.routing import ProtocolTypeRouter" }, "channels asgi.py:1"],
  [
    "a socket of FastAPI",
    { ...PYTHON, "main.py": '@app.websocket("/ws")\nasync def ws(): ...' },
    "starlette main.py:1",
  ],
  [
    "a stream of events",
    { ...PYTHON, "main.py": "return StreamingResponse(f(), media_type='text/event-stream')" },
    "sse main.py:1",
  ],
  ["a reader of events", { ...NODE, "a.ts": 'fetch(u, { headers: { Accept: "text/event-stream" } })' }, undefined],
  [
    "Action Cable",
    { Gemfile: "", "app/channels/room_channel.rb": "class RoomChannel < ApplicationCable::Channel\nend" },
    "action-cable app/channels/room_channel.rb:1",
  ],
  [
    "gorilla",
    { ...GO, "main.go": 'package main\nimport "github.com/gorilla/websocket"\nvar up = websocket.Upgrader{}' },
    "gorilla-websocket main.go:3",
  ],
  ["a comment", { ...GO, "main.go": "package main\n// github.com/gorilla/websocket websocket.Upgrader{}" }, undefined],
  ["axum", { "Cargo.toml": "", "src/main.rs": "async fn ws(up: WebSocketUpgrade) {}" }, "axum src/main.rs:1"],
  ["SignalR", { "a.csproj": "<Project/>", "Program.cs": 'app.MapHub<ChatHub>("/chat");' }, "signalr Program.cs:1"],
  [
    "Phoenix",
    { "mix.exs": "", "lib/a_web/user_socket.ex": 'defmodule S do\n  channel "room:*", RoomChannel\nend' },
    "phoenix-channels lib/a_web/user_socket.ex:2",
  ],
  ["Reverb", { "composer.json": '{"require":{"laravel/reverb":"^1"}}' }, "reverb composer.json:1"],
  ["a test", { ...NODE, "a.test.ts": "new WebSocketServer({ port: 0 })" }, undefined],
])("%s", (_, files, expected) => {
  expect(websocket(files)).toBe(expected);
});
