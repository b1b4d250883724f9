// What a network takes, read from GET /networks in the one shape that the composer works with.
import { count } from "@/lib/counters/count";
import type { Account, Network, NetworkKind } from "@/lib/api/types";
import { type Draft, type DraftTarget, effectiveContent, targetKey } from "./draft";

export type OptionField = NetworkKind["fields"][number];

export type Rules = {
  network: string;
  networkName: string;
  kind: string;
  text: NetworkKind["text"];
  maxMedia: number;
  maxAlt: number | null;
  thread: boolean;
  firstComment: boolean;
  fields: OptionField[];
};

export function rulesOf(network: Network, kindName: string): Rules | null {
  const kind = network.kinds.find((candidate) => candidate.kind === kindName) ?? network.kinds[0];
  if (kind === undefined) return null;
  return {
    network: network.network,
    networkName: network.name,
    kind: kind.kind,
    text: kind.text,
    maxMedia: kind.media.max_count,
    maxAlt: kind.media.alt_max > 0 ? kind.media.alt_max : null,
    thread: kind.max_parts > 1,
    firstComment: kind.first_comment,
    fields: kind.fields,
  };
}

// What is published to an account unless another kind is chosen.
export function defaultKind(account: Account, networks: readonly Network[]): string {
  return networks.find((network) => network.network === account.network)?.kinds[0]?.kind ?? "post";
}

// A target of the draft with the account and the rules behind it. Accounts that are gone have none.
export type Destination = { key: string; target: DraftTarget; account: Account; rules: Rules };

export function destinationsOf(draft: Draft, accounts: readonly Account[], networks: readonly Network[]): Destination[] {
  return draft.targets.flatMap((target) => {
    const account = accounts.find((candidate) => candidate.id === target.account_id);
    const network = networks.find((candidate) => candidate.network === account?.network);
    const rules = network && rulesOf(network, target.kind);
    return account && rules ? [{ key: targetKey(target), target, account, rules }] : [];
  });
}

// `inBytes`: the network's second limit, on bytes, is the nearer one (emoji and CJK on Bluesky).
export type Measure = { rules: Rules; used: number; max: number; over: boolean; inBytes: boolean };

// Networks without the limit name none.
function limitOf(limit: number | null | undefined): number {
  return limit ?? Infinity;
}

export function measure(text: string, rules: Rules): Measure {
  const { counter, max } = rules.text;
  const used = count(counter, text, rules.text);
  const maxBytes = limitOf(rules.text.max_utf8_bytes);
  const bytes = count("utf8_bytes", text);
  if (bytes > maxBytes && used <= max) return { rules, used: bytes, max: maxBytes, over: true, inBytes: true };
  return { rules, used, max, over: used > max, inBytes: false };
}

// One measure for each network (and each different limit of it) among these destinations, in their order. `textOf`
// says which text a destination would publish.
export function measures(destinations: readonly Destination[], textOf: (destination: Destination) => string): Measure[] {
  const found = new Map<string, Measure>();
  for (const destination of destinations) {
    const { rules } = destination;
    const key = `${rules.network}/${rules.text.counter}/${rules.text.max}/${textOf(destination)}`;
    if (!found.has(key)) found.set(key, measure(textOf(destination), rules));
  }
  return [...found.values()];
}

export function bodyOf(draft: Draft): (destination: Destination) => string {
  return (destination) => effectiveContent(draft, destination.key).body;
}
