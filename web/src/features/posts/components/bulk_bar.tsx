import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CalendarX, Trash2, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/dialog";
import { isApiError } from "@/lib/api/error";
import type { Post } from "@/lib/api/types";
import { showToast } from "@/lib/toast";
import { useCanIn, useWorkspace } from "@/lib/workspace/context";
import { actOnPost } from "../api/actions";
import { postActions } from "../model/allowed";
import { refreshPosts } from "../use_actions";

type BulkAction = "unschedule" | "delete";

// What can be done with all chosen posts. `onDone` gets the ids of those that stay chosen because they were refused.
export function BulkBar({ posts, onDone }: { posts: readonly Post[]; onDone: (left: string[]) => void }) {
  const { t } = useTranslation("posts");
  const { id: ws } = useWorkspace();
  const client = useQueryClient();
  const canIn = useCanIn();
  const [asked, setAsked] = useState(false);
  const [done, setDone] = useState(0);
  const fitting = (action: BulkAction): Post[] => posts.filter((post) => postActions(post, (permission) => canIn(permission, post.brand_id)).includes(action));

  const run = useMutation({
    // One after the other: a refusal of one stops none, and the server is not flooded.
    async mutationFn(action: BulkAction): Promise<{ post: Post; reason: string }[]> {
      const refused: { post: Post; reason: string }[] = [];
      setDone(0);
      for (const post of fitting(action)) {
        try {
          await actOnPost(ws, post.id, { kind: action });
        } catch (error) {
          refused.push({ post, reason: isApiError(error) ? error.detail : t("bulk.unexpected") });
        }
        setDone((count) => count + 1);
      }
      return refused;
    },
    onSuccess(refused, action) {
      refreshPosts(client, ws);
      setAsked(false);
      const count = fitting(action).length - refused.length;
      if (count > 0) showToast({ text: t(`bulk.done_${action}`, { count }), tone: "success" });
      if (refused[0] !== undefined) showToast({ text: t("bulk.refused", { count: refused.length }), detail: refused[0].reason, tone: "danger", lasts: 8000 });
      onDone(refused.map(({ post }) => post.id));
    },
  });

  const [toDelete, toUnschedule] = [fitting("delete").length, fitting("unschedule").length];
  return (
    <div role="region" aria-label={t("bulk.label")} className="sticky bottom-18 z-10 mx-auto mt-4 flex w-fit max-w-full flex-wrap items-center gap-2 rounded-card bg-raised px-3 py-2 shadow-raised md:bottom-4">
      <span className="px-1 text-sm font-medium" role="status">
        {run.isPending ? t("bulk.running", { done, total: run.variables === "delete" ? toDelete : toUnschedule }) : t("bulk.chosen", { count: posts.length })}
      </span>
      {toUnschedule > 0 && (
        <Button size="sm" busy={run.isPending && run.variables === "unschedule"} icon={<CalendarX aria-hidden className="size-4" />} onClick={() => run.mutate("unschedule")}>
          {t("bulk.unschedule", { count: toUnschedule })}
        </Button>
      )}
      {toDelete > 0 && (
        <Button size="sm" variant="danger" busy={run.isPending && run.variables === "delete"} icon={<Trash2 aria-hidden className="size-4" />} onClick={() => setAsked(true)}>
          {t("bulk.delete", { count: toDelete })}
        </Button>
      )}
      <Button variant="ghost" size="icon" aria-label={t("bulk.clear")} icon={<X aria-hidden className="size-4" />} onClick={() => onDone([])} />
      <ConfirmDialog
        open={asked}
        onOpenChange={setAsked}
        title={t("bulk.confirm", { count: toDelete })}
        description={t("confirm.delete.text")}
        confirmLabel={t("bulk.delete", { count: toDelete })}
        busy={run.isPending}
        onConfirm={() => run.mutate("delete")}
      />
    </div>
  );
}
