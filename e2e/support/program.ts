// Starts the built program on free ports with a data folder of its own.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export type Program = {
  url: string;
  sandboxUrl: string;
  // What it printed so far: the demo login, the set-up token.
  output: () => string;
  stop: () => Promise<void>;
};

const binary = resolve(process.env["MYPOST_BINARY"] ?? "../build/mypost");
const startsWithinMs = 20_000;

export async function startProgram({
  demo,
  networksVia,
}: {
  demo: boolean;
  // A sandbox that stands in for the networks of a program without its own.
  networksVia?: string;
}): Promise<Program> {
  const data = await mkdtemp(join(tmpdir(), "mypost-e2e-"));
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(binary, ["serve", ...(demo ? ["--demo"] : [])], {
    env: {
      // An unknown MYPOST_… variable is an error: those of the journeys themselves stay here.
      ...Object.fromEntries(
        Object.entries(process.env).filter(
          ([name]) => !name.startsWith("MYPOST_"),
        ),
      ),
      MYPOST_HTTP_PORT: String(port),
      MYPOST_PUBLIC_URL: url,
      MYPOST_DATA_DIR: data,
      MYPOST_SANDBOX_PORT: String(sandboxPort),
      ...(networksVia === undefined ? {} : { MYPOST_NETWORKS_VIA: networksVia }),
      MYPOST_WEB_DIR: resolve(process.env["MYPOST_WEB_DIR"] ?? "../build/web"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const stop = async (): Promise<void> => {
    await ended(child);
    await rm(data, { recursive: true, force: true });
  };
  try {
    await ready(url, child, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    sandboxUrl: `http://127.0.0.1:${sandboxPort}`,
    output: () => output,
    stop,
  };
}

async function ready(
  url: string,
  child: ChildProcess,
  output: () => string,
): Promise<void> {
  const giveUpAt = Date.now() + startsWithinMs;
  while (Date.now() < giveUpAt) {
    if (child.exitCode !== null)
      throw new Error(`mypost ended with ${child.exitCode}:\n${output()}`);
    const answer = await fetch(`${url}/ready`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(
    `mypost was not ready within ${startsWithinMs} ms:\n${output()}`,
  );
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await exit;
  clearTimeout(force);
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port =
        typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => done(port));
    });
  });
}
