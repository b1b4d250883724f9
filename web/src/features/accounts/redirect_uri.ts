import type { Network } from "@/lib/api/types";
import { absoluteUrl } from "@/lib/base";

// The address to register at the network, to the letter. The server knows its public one; without it, this page's.
export function redirectUri(network: Pick<Network, "network" | "redirect_uri">): string {
  return network.redirect_uri ?? absoluteUrl(`/api/v1/oauth/${network.network}/callback`);
}
