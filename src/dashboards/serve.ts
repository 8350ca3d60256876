import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SoclabError } from "../core/index.ts";

export interface ServedDashboard {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves one published page on 127.0.0.1, read anew at each request. It answers only to its own name, so that no page elsewhere can reach it.
 * @param port - 0 takes any free one
 * @throws SOCLAB_IO where the port is taken
 */
export async function serveDashboard(path: string, port: number): Promise<ServedDashboard> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const isLocal = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "");
    const status = !isLocal ? 403 : pathname !== "/" ? 404 : request.method !== "GET" && request.method !== "HEAD" ? 405 : 200;
    if (status !== 200) {
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${status}\n`);
      return;
    }
    try {
      const page = await readFile(path);
      const headers = {
        "content-type": "text/html; charset=utf-8",
        "content-length": page.length,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      };
      response.writeHead(200, headers).end(request.method === "HEAD" ? undefined : page);
    } catch {
      response.writeHead(500, { "content-type": "text/plain; charset=utf-8" }).end("the page cannot be read\n");
    }
  });
  await listening(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(
        new SoclabError("SOCLAB_IO", `port ${port} of 127.0.0.1 cannot be used: ${cause.message}`, {
          hint: "Give another one with --port.",
          cause,
        }),
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}
