import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, Tag, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

import { Menu, MenuItem } from "@/components/ui/menu";
import { api, body } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import type { Label } from "@/lib/api/types";
import { toastError } from "@/lib/toast";
import { useCan, useWorkspace } from "@/lib/workspace/context";
import { useComposer } from "../context";

// The post's labels: chosen from the workspace's, or made on the spot where the role allows.
export function LabelPicker() {
  const { t } = useTranslation("composer");
  const { draft, change, labels, editable } = useComposer();
  const mayManage = useCan("labels.manage");
  const chosen = labels.filter((label) => draft.labels.includes(label.id));
  const toggle = (id: string): void =>
    change((current) => ({ ...current, labels: current.labels.includes(id) ? current.labels.filter((other) => other !== id) : [...current.labels, id] }));
  if (labels.length === 0 && !mayManage) return null;

  return (
    <section aria-label={t("labels.title")} className="flex flex-wrap items-center gap-2 rounded-card bg-surface p-4">
      <span className="flex items-center gap-2 text-sm font-medium">
        <Tag aria-hidden className="size-4 text-muted" />
        {t("labels.title")}
      </span>
      {chosen.map((label) => (
        <LabelChip key={label.id} label={label} onRemove={editable ? () => toggle(label.id) : null} />
      ))}
      {editable && labels.length > 0 && (
        <Menu
          trigger={
            <Button size="sm" variant="ghost" icon={<Plus aria-hidden className="size-4" />}>
              {t("labels.choose")}
            </Button>
          }
        >
          {labels.map((label) => (
            <MenuItem key={label.id} checked={draft.labels.includes(label.id)} icon={<Dot color={label.color} />} onSelect={() => toggle(label.id)}>
              {label.name}
            </MenuItem>
          ))}
        </Menu>
      )}
      {editable && mayManage && <NewLabel labels={labels} onCreated={toggle} />}
    </section>
  );
}

function Dot({ color }: { color: string }) {
  return <span aria-hidden className="size-2.5 rounded-full" style={{ backgroundColor: color }} />;
}

function LabelChip({ label, onRemove }: { label: Label; onRemove: (() => void) | null }) {
  const { t } = useTranslation("composer");
  return (
    <span className="flex h-7 items-center gap-1.5 rounded-full bg-raised pr-1 pl-2.5 text-sm">
      <Dot color={label.color} />
      {label.name}
      {onRemove === null ? (
        <span className="w-1.5" />
      ) : (
        <button type="button" aria-label={t("labels.remove", { name: label.name })} onClick={onRemove} className="flex size-5 items-center justify-center rounded-full text-muted hover:bg-hairline">
          <X aria-hidden className="size-3" />
        </button>
      )}
    </span>
  );
}

// Told apart on both themes; the name always stands beside the colour.
const colours = ["#6d6afc", "#3ecf8e", "#f5b843", "#ff7b82", "#6cb6ff", "#c77dff", "#2ec4b6", "#ff9f5a"];

function colourFor(index: number): string {
  return colours[index % colours.length] ?? "#6d6afc";
}

function NewLabel({ labels, onCreated }: { labels: readonly Label[]; onCreated: (id: string) => void }) {
  const { t } = useTranslation("composer");
  const { id: ws } = useWorkspace();
  const client = useQueryClient();
  const [name, setName] = useState<string | null>(null);
  const create = useMutation({
    mutationFn: (text: string) => body(api.POST("/workspaces/{workspace}/labels", { params: { path: { workspace: ws } }, body: { name: text, color: colourFor(labels.length) } })),
    onSuccess(label) {
      client.setQueryData<Label[]>(keys.labels(ws), (current) => [...(current ?? []), label]);
      onCreated(label.id);
      setName(null);
    },
    onError: toastError,
  });
  if (name === null) {
    return (
      <Button size="sm" variant="ghost" onClick={() => setName("")}>
        {t("labels.new")}
      </Button>
    );
  }
  return (
    <form
      className="flex items-center gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") create.mutate(name.trim());
      }}
    >
      <Input autoFocus aria-label={t("labels.name")} value={name} maxLength={50} onChange={(event) => setName(event.target.value)} onKeyDown={(event) => event.key === "Escape" && setName(null)} className="h-8! w-36!" />
      <Button type="submit" size="sm" busy={create.isPending}>
        {t("action.add", { ns: "common" })}
      </Button>
    </form>
  );
}
