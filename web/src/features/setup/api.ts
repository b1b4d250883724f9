import { api, body } from "@/lib/api/client";
import type { Body, SignedIn } from "@/lib/api/types";

type Input = Body<"/setup", "post"> & { setup_token: string };

// Makes the first administrator, tenant and workspace, and signs that person in.
export async function createInstallation({ setup_token, ...input }: Input): Promise<SignedIn> {
  return body(api.POST("/setup", { body: setup_token === "" ? input : { ...input, setup_token } }));
}
