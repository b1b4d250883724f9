// Moves a post to another time: shown at once, undone by one press, put back when the server refuses.
import { useCallback } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body, ifMatch } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import type { Answer, CalendarItem, Post } from "@/lib/api/types";
import { showToast, toastError } from "@/lib/toast";
import { useFormat, useWorkspace } from "@/lib/workspace/context";
import { instantToLocal } from "@/lib/zoned";
import { type PlacedItem, refusal } from "./model/layout";

type Move = { item: CalendarItem; from: number; to: number };
type CalendarAnswer = Answer<"/workspaces/{workspace}/calendar", "get">;

// A draft only changes its planned date; what is scheduled is scheduled anew.
// The wall clock is sent, so that the time stays what it is called when a zone's rules change.
async function send(ws: string, zone: string, { item, to }: Move): Promise<Post> {
  const path = { workspace: ws, post: item.id };
  const scheduled_at = { local: instantToLocal(new Date(to), zone), time_zone: zone };
  if (item.status !== "draft") return body(api.POST("/workspaces/{workspace}/posts/{post}/schedule", { params: { path }, body: { scheduled_at } }));
  const post = await body(api.GET("/workspaces/{workspace}/posts/{post}", { params: { path } }));
  return body(api.PATCH("/workspaces/{workspace}/posts/{post}", { params: { path, header: ifMatch(post.version) }, body: { scheduled_at } }));
}

function shifted(item: CalendarItem, from: number, to: number): CalendarItem {
  const shift = (at: string) => new Date(Date.parse(at) + to - from).toISOString();
  return { ...item, scheduled_at: shift(item.scheduled_at), targets: item.targets.map((target) => ({ ...target, scheduled_at: target.scheduled_at && shift(target.scheduled_at) })) };
}

// Asks for a move; says why where there is none.
export function useReschedule(): (placed: PlacedItem, to: Date) => void {
  const { t } = useTranslation("calendar");
  const { id: ws, time_zone: zone } = useWorkspace();
  const client = useQueryClient();
  const format = useFormat();
  const { mutate } = useMutation({
    mutationFn: (move: Move & { isUndo: boolean }) => send(ws, zone, move),
    async onMutate({ item, from, to }) {
      await client.cancelQueries({ queryKey: keys.calendars(ws) });
      client.setQueriesData<CalendarAnswer>({ queryKey: keys.calendars(ws) }, (current) =>
        current === undefined ? current : { ...current, data: current.data.map((other) => (other.id === item.id ? shifted(other, from, to) : other)) },
      );
    },
    onSuccess(post, { item, from, to, isUndo }) {
      client.setQueryData(keys.post(ws, post.id), post);
      const canUndo = !isUndo && refusal({ item, at: to, date: "", minutes: 0 }, new Date(from), new Date()) === null;
      showToast({
        text: t("move.done", { time: format.dateTime(to) }),
        tone: "success",
        lasts: 8000,
        ...(canUndo && { action: { label: t("action.undo", { ns: "common" }), run: () => mutate({ item, from: to, to: from, isUndo: true }) } }),
      });
    },
    onError: toastError,
    onSettled() {
      void client.invalidateQueries({ queryKey: keys.calendars(ws) });
      void client.invalidateQueries({ queryKey: keys.postLists(ws) });
    },
  });

  return useCallback(
    (placed, to) => {
      const reason = refusal(placed, to, new Date());
      if (reason === null) mutate({ item: placed.item, from: placed.at, to: to.getTime(), isUndo: false });
      else if (reason === "past") showToast({ text: t("move.past", { time: format.dateTime(to) }), tone: "danger" });
      else if (reason === "state") showToast({ text: t("move.state", { state: t(`state.${placed.item.status}`, { ns: "common" }) }), tone: "danger" });
    },
    [format, mutate, t],
  );
}
