import type { Network } from "@/lib/api/types";
import { ConsentForm } from "@/features/accounts/components/consent_form";
import { BlueskyForm } from "@/features/accounts/components/bluesky_form";

// What is known already when an account is connected again.
export type Preset = { handle?: string; instance?: string };

export type ConnectStepsProps = { network: Network; brandId: string; preset?: Preset; onConnected: () => void };

export function ConnectSteps({ network, brandId, preset = {}, onConnected }: ConnectStepsProps) {
  if (network.auth === "credentials") return <BlueskyForm network={network} brandId={brandId} preset={preset} onConnected={onConnected} />;
  return <ConsentForm network={network} brandId={brandId} preset={preset} />;
}
