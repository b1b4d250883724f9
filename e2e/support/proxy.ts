// A reverse proxy set up wrongly: it passes everything on, but not the name people used.
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export type Proxy = { url: string; stop: () => Promise<void> };

export async function hidingProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const server = createServer((asked, answer) => {
    const onward = request(
      { hostname, port, path: asked.url, method: asked.method, headers: { ...asked.headers, host: "backend.internal" } },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      },
    );
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}
