// Runs actions on a post, shows what came of them and keeps the caches right.
import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { keys } from "@/lib/api/keys";
import type { Post } from "@/lib/api/types";
import { showToast, toastError } from "@/lib/toast";
import { useWorkspace } from "@/lib/workspace/context";
import { actOnPost, actOnTarget, type PostAction, type TargetAction } from "./api/actions";

export function refreshPosts(client: QueryClient, ws: string): void {
  void client.invalidateQueries({ queryKey: keys.postLists(ws) });
  void client.invalidateQueries({ queryKey: keys.calendars(ws) });
}

export function usePostAction(post: Post) {
  const { t } = useTranslation("posts");
  const { id: ws } = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (action: PostAction) => actOnPost(ws, post.id, action),
    onSuccess(result, action) {
      refreshPosts(client, ws);
      showToast({ text: t(`done.${action.kind}`), tone: "success" });
      if (result === null) {
        client.removeQueries({ queryKey: keys.post(ws, post.id) });
        void navigate({ to: "/posts" });
        return;
      }
      client.setQueryData(keys.post(ws, result.id), result);
      if (result.id !== post.id) void navigate({ to: "/compose/$postId", params: { postId: result.id } });
    },
    onError(error) {
      void client.invalidateQueries({ queryKey: keys.post(ws, post.id) });
      toastError(error);
    },
  });
}

export function useTargetAction(post: Post) {
  const { t } = useTranslation("posts");
  const { id: ws } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: TargetAction) => actOnTarget(ws, post.id, action),
    onSuccess(result, action) {
      refreshPosts(client, ws);
      client.setQueryData(keys.post(ws, post.id), result);
      void client.invalidateQueries({ queryKey: keys.attempts(ws, post.id) });
      showToast({ text: t(`done.${action.kind}`), tone: "success" });
    },
    onError(error) {
      void client.invalidateQueries({ queryKey: keys.post(ws, post.id) });
      toastError(error);
    },
  });
}
