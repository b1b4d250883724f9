import { useState } from "react";
import { Link } from "@tanstack/react-router";
import { CalendarX, Check, Copy, Ellipsis, PenSquare, Send, Trash2, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, buttonClass } from "@/components/ui/button";
import { ConfirmDialog, Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import type { Post } from "@/lib/api/types";
import { useCanIn } from "@/lib/workspace/context";
import { postActions } from "../model/allowed";
import { titleOf } from "../model/title";
import { usePostAction } from "../use_actions";

// What can be done with the whole post.
export function PostActions({ post }: { post: Post }) {
  const { t } = useTranslation("posts");
  const canIn = useCanIn();
  const offered = new Set(postActions(post, (permission) => canIn(permission, post.brand_id)));
  const action = usePostAction(post);
  const [dialog, setDialog] = useState<"delete" | "publish" | "reject" | null>(null);
  const close = (): void => setDialog(null);
  const isBusy = (kind: string): boolean => action.isPending && action.variables.kind === kind;

  return (
    <div className="flex flex-wrap gap-2">
      {offered.has("approve") && (
        <Button variant="primary" busy={isBusy("approve")} icon={<Check aria-hidden className="size-4" />} onClick={() => action.mutate({ kind: "approve" })}>
          {t("action.approve")}
        </Button>
      )}
      {offered.has("reject") && (
        <Button icon={<Undo2 aria-hidden className="size-4" />} onClick={() => setDialog("reject")}>
          {t("action.reject")}
        </Button>
      )}
      {offered.has("publish") && (
        <Button icon={<Send aria-hidden className="size-4" />} onClick={() => setDialog("publish")}>
          {t("action.publish")}
        </Button>
      )}
      {offered.has("edit") && (
        <Link to="/compose/$postId" params={{ postId: post.id }} className={buttonClass("primary")}>
          <PenSquare aria-hidden className="size-4" />
          {t("action.edit", { ns: "common" })}
        </Link>
      )}
      {(offered.has("unschedule") || offered.has("duplicate") || offered.has("delete")) && (
        <Menu align="end" trigger={<Button size="icon" className="size-10!" aria-label={t("action.more")} icon={<Ellipsis aria-hidden className="size-4" />} />}>
          {offered.has("duplicate") && (
            <MenuItem icon={<Copy aria-hidden className="size-4" />} onSelect={() => action.mutate({ kind: "duplicate" })}>
              {t("action.duplicate")}
            </MenuItem>
          )}
          {offered.has("unschedule") && (
            <MenuItem icon={<CalendarX aria-hidden className="size-4" />} onSelect={() => action.mutate({ kind: "unschedule" })}>
              {t("action.unschedule")}
            </MenuItem>
          )}
          {offered.has("delete") && (
            <>
              <MenuSeparator />
              <MenuItem danger icon={<Trash2 aria-hidden className="size-4" />} onSelect={() => setDialog("delete")}>
                {t("action.delete")}
              </MenuItem>
            </>
          )}
        </Menu>
      )}
      {dialog === "delete" && (
        <ConfirmDialog
          open
          onOpenChange={close}
          title={t("confirm.delete.title", { title: titleOf(post) })}
          description={post.targets.some((target) => target.remote_id !== null) ? t("confirm.delete.textLive") : t("confirm.delete.text")}
          confirmLabel={t("action.delete")}
          busy={isBusy("delete")}
          onConfirm={() => action.mutate({ kind: "delete" }, { onSettled: close })}
        />
      )}
      {dialog === "publish" && (
        <ConfirmDialog
          open
          variant="primary"
          onOpenChange={close}
          title={t("confirm.publish.title", { count: post.targets.length })}
          description={t("confirm.publish.text")}
          confirmLabel={t("action.publish")}
          busy={isBusy("publish")}
          onConfirm={() => action.mutate({ kind: "publish" }, { onSettled: close })}
        />
      )}
      {dialog === "reject" && <RejectDialog busy={isBusy("reject")} onClose={close} onConfirm={(reason) => action.mutate({ kind: "reject", reason }, { onSuccess: close })} />}
    </div>
  );
}

function RejectDialog({ busy, onConfirm, onClose }: { busy: boolean; onConfirm: (reason: string) => void; onClose: () => void }) {
  const { t } = useTranslation("posts");
  const [reason, setReason] = useState("");
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("reject.title")}
      description={t("reject.text")}
      footer={
        <Button variant="primary" busy={busy} disabled={reason.trim() === ""} onClick={() => onConfirm(reason.trim())}>
          {t("action.reject")}
        </Button>
      }
    >
      <Field label={t("reject.reason")}>
        <Textarea value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </Dialog>
  );
}
