import { useState } from "react";
import { CalendarClock, CheckCheck, CircleSlash, RefreshCw, RotateCw, Scale, Send, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/dialog";
import { networkName } from "@/components/ui/network_glyph";
import type { Post, Target } from "@/lib/api/types";
import { useCanIn } from "@/lib/workspace/context";
import { type TargetActionName, targetActions } from "../model/allowed";
import { useTargetAction } from "../use_actions";
import { CompleteDialog } from "./complete_dialog";
import { RescheduleDialog } from "./reschedule_dialog";
import { ResolveDialog } from "./resolve_dialog";

const icons: Record<TargetActionName, typeof RotateCw> = {
  retry: RotateCw,
  check: RefreshCw,
  resolve: Scale,
  complete: CheckCheck,
  reschedule: CalendarClock,
  cancel: CircleSlash,
  delete_remote: Trash2,
  publish_now: Send,
};
// What happens at once, without a question.
const immediate = new Set<TargetActionName>(["retry", "check"]);
// Far enough ahead to be a time that lies ahead when it arrives.
const atOnceMs = 3000;

function almostNow(): string {
  return new Date(Date.now() + atOnceMs).toISOString();
}

export function TargetActions({ post, target }: { post: Post; target: Target }) {
  const { t } = useTranslation("posts");
  const canIn = useCanIn();
  const action = useTargetAction(post);
  const [dialog, setDialog] = useState<TargetActionName | null>(null);
  const close = (): void => setDialog(null);
  const run = (input: Parameters<typeof action.mutate>[0]): void => action.mutate(input, { onSuccess: close });
  const network = networkName(target.network);

  const start = (name: TargetActionName): void => {
    if (name === "publish_now") run({ kind: "reschedule", target: target.id, at: almostNow() });
    else if (immediate.has(name)) run({ kind: name as "retry" | "check", target: target.id });
    else setDialog(name);
  };

  return (
    <>
      {targetActions(target, (permission) => canIn(permission, post.brand_id)).map((name) => {
        const Icon = icons[name];
        return (
          <Button
            key={name}
            size="sm"
            variant={name === "cancel" || name === "delete_remote" ? "ghost" : "secondary"}
            busy={action.isPending && action.variables.kind === name}
            icon={<Icon aria-hidden className="size-4" />}
            onClick={() => start(name)}
          >
            {t(`action.${name}`, { network })}
          </Button>
        );
      })}
      {(dialog === "cancel" || dialog === "delete_remote") && (
        <ConfirmDialog
          open
          onOpenChange={close}
          title={t(`confirm.${dialog}.title`, { network })}
          description={t(`confirm.${dialog}.text`, { network })}
          confirmLabel={t(`action.${dialog}`, { network })}
          busy={action.isPending}
          onConfirm={() => run({ kind: dialog, target: target.id })}
        />
      )}
      {dialog === "reschedule" && (
        <RescheduleDialog planned={target.scheduled_at} busy={action.isPending} onClose={close} onConfirm={(at) => run({ kind: "reschedule", target: target.id, at })} />
      )}
      {dialog === "complete" && <CompleteDialog target={target} busy={action.isPending} onClose={close} onConfirm={(remote_url) => run({ kind: "complete", target: target.id, remote_url })} />}
      {dialog === "resolve" && <ResolveDialog network={network} busy={action.isPending} onClose={close} onConfirm={(resolution) => run({ kind: "resolve", target: target.id, ...resolution })} />}
    </>
  );
}
