// Post and target states as icon and word: colour is never the only sign.
import {
  Ban,
  CalendarClock,
  CircleAlert,
  CircleCheck,
  CircleCheckBig,
  CircleHelp,
  CirclePause,
  CircleSlash,
  CircleX,
  ClockAlert,
  Hand,
  Hourglass,
  type LucideIcon,
  PencilLine,
  RotateCw,
  SendHorizontal,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { Badge, type Tone } from "@/components/ui/badge";
import type { AccountState, PostStatus, TargetState } from "@/lib/api/types";
import { cx } from "@/lib/cx";

export type AnyState = TargetState | PostStatus | AccountState;

const looks: Record<AnyState, { tone: Tone; icon: LucideIcon }> = {
  draft: { tone: "neutral", icon: PencilLine },
  pending_approval: { tone: "warning", icon: Hourglass },
  scheduled: { tone: "info", icon: CalendarClock },
  held: { tone: "warning", icon: CirclePause },
  publishing: { tone: "accent", icon: SendHorizontal },
  retrying: { tone: "warning", icon: RotateCw },
  manual: { tone: "warning", icon: Hand },
  published: { tone: "success", icon: CircleCheck },
  failed: { tone: "danger", icon: CircleX },
  unconfirmed: { tone: "warning", icon: CircleHelp },
  missed: { tone: "danger", icon: ClockAlert },
  removed: { tone: "danger", icon: Ban },
  cancelled: { tone: "neutral", icon: CircleSlash },
  needs_attention: { tone: "warning", icon: CircleAlert },
  partially_published: { tone: "warning", icon: CircleCheckBig },
  active: { tone: "success", icon: CircleCheck },
  needs_reconnect: { tone: "danger", icon: CircleAlert },
  paused: { tone: "warning", icon: CirclePause },
  disconnected: { tone: "neutral", icon: CircleSlash },
};

export function stateTone(state: AnyState): Tone {
  return looks[state].tone;
}

export function StateIcon({ state, className }: { state: AnyState; className?: string }) {
  const Icon = looks[state].icon;
  return <Icon aria-hidden className={cx("size-3.5 shrink-0", state === "publishing" && "pulse-soft", className)} />;
}

export function StateBadge({ state, className }: { state: AnyState; className?: string }) {
  const { t } = useTranslation();
  return (
    <Badge tone={looks[state].tone} icon={<StateIcon state={state} />} {...(className === undefined ? {} : { className })}>
      {t(`state.${state}`)}
    </Badge>
  );
}
