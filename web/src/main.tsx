import "./zod-setup.ts";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./styles/index.css";
import { applyTheme } from "./theme.ts";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // Polls and live events repeat every question anyway.
      retry: false,
      // The server is often on this machine and answers whether or not there is a network.
      networkMode: "always",
    },
  },
});

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
applyTheme();
createRoot(root).render(
  <QueryClientProvider client={client}>
    <App />
  </QueryClientProvider>,
);
