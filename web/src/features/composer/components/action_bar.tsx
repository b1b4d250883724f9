import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CalendarClock, Save, Send } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { isApiError } from "@/lib/api/error";
import { keys } from "@/lib/api/keys";
import type { Post } from "@/lib/api/types";
import { showToast, toastError } from "@/lib/toast";
import { useCan, useFormat, useWorkspace } from "@/lib/workspace/context";
import { type LocalTime, publishPost, schedulePost, submitPost } from "../api/posts";
import { useComposer } from "../context";
import { isBlank } from "../model/draft";
import { PublishDialog } from "./publish_dialog";
import { SaveStatus } from "./save_status";
import { ScheduleDialog } from "./schedule_dialog";

type Action = { kind: "schedule"; at: LocalTime } | { kind: "submit"; at: string | null } | { kind: "publish" };

// What can be done with the draft, and how it stands with the server.
// `checking`: preflight has not spoken of the present text yet; the server checks again before it acts.
export function ActionBar({ checking }: { checking: boolean }) {
  const { t } = useTranslation("composer");
  const { store, snapshot, draft, issues, editable, uploads, jumpTo } = useComposer();
  const { id: ws } = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const format = useFormat();
  const maySchedule = useCan("posts.schedule", draft.brand_id);
  const mayPublish = useCan("posts.publish", draft.brand_id);
  const [dialog, setDialog] = useState<"schedule" | "publish" | null>(null);
  const status = snapshot.stored?.post.status ?? "draft";
  const isDraft = status === "draft";
  const firstError = issues.find((issue) => issue.severity === "error");
  const isReady = !isBlank(draft) && draft.targets.length > 0 && uploads.list.length === 0;

  const run = useMutation({
    async mutationFn(action: Action): Promise<Post | null> {
      if (!(await store.flush())) return null;
      const id = store.get().stored?.post.id;
      if (id === undefined) return null;
      if (action.kind === "schedule") return schedulePost(ws, id, action.at);
      return action.kind === "submit" ? submitPost(ws, id, action.at) : publishPost(ws, id);
    },
    onSuccess(post, action) {
      setDialog(null);
      if (post === null) return;
      client.setQueryData(keys.post(ws, post.id), post);
      store.adopt(post);
      const text =
        post.status === "pending_approval" ? t("done.submitted") : action.kind === "schedule" ? t("done.scheduled", { time: format.dateTime(post.scheduled_at ?? post.updated_at) }) : t("done.publishing");
      showToast({ text, tone: "success" });
      void navigate({ to: "/posts/$postId", params: { postId: post.id } });
    },
    onError(error) {
      // The dialog shows what belongs to the time; the rest stands in the toast.
      if (!isApiError(error, "validation_failed") || dialog !== "schedule") toastError(error);
    },
  });

  const open = (next: "schedule" | "publish"): void => {
    // What preflight said of an older text stops nobody.
    if (firstError === undefined || checking) setDialog(next);
    else jumpTo(firstError);
  };

  return (
    <div className="sticky bottom-18 z-10 mt-4 rounded-card border border-hairline bg-surface px-3 py-2 shadow-raised sm:px-4 sm:py-2.5 md:bottom-3">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5">
        <SaveStatus />
        <div className="ml-auto flex flex-1 justify-end gap-2 sm:flex-none [&>button]:max-sm:flex-1 [&>button]:max-sm:px-2">
          {editable && (
            <Button className={isDraft ? "max-sm:flex-none!" : ""} icon={<Save aria-hidden className="size-4" />} disabled={isBlank(draft) || snapshot.save.phase === "clean" || snapshot.save.phase === "saving"} onClick={() => void store.flush()}>
              <span className={isDraft ? "max-sm:sr-only" : undefined}>{isDraft ? t("action.saveDraft") : t("action.saveChanges")}</span>
            </Button>
          )}
          {editable && isDraft && !maySchedule && (
            <Button variant="primary" disabled={!isReady} busy={run.isPending} onClick={() => run.mutate({ kind: "submit", at: draft.scheduled_at })}>
              {t("action.submit")}
            </Button>
          )}
          {editable && maySchedule && (
            <Button variant={mayPublish && !isDraft ? "secondary" : "primary"} icon={<CalendarClock aria-hidden className="size-4" />} disabled={!isReady} onClick={() => open("schedule")} id="composer-schedule">
              {isDraft ? t("action.schedule") : t("action.reschedule")}
            </Button>
          )}
          {editable && mayPublish && (
            <Button icon={<Send aria-hidden className="size-4" />} disabled={!isReady} onClick={() => open("publish")}>
              {t("action.publish")}
            </Button>
          )}
        </div>
      </div>
      {dialog === "schedule" && (
        <ScheduleDialog planned={draft.scheduled_at} busy={run.isPending} error={run.error} onClose={() => setDialog(null)} onSchedule={(at) => run.mutate({ kind: "schedule", at })} />
      )}
      {dialog === "publish" && <PublishDialog busy={run.isPending} onClose={() => setDialog(null)} onPublish={() => run.mutate({ kind: "publish" })} />}
    </div>
  );
}
