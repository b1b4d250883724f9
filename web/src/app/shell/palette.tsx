// Go anywhere, compose, switch workspace or brand, find a post.
import { useDeferredValue, useState, type ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Building2, CircleUser, FileText, Keyboard, Layers, PauseCircle, PenSquare } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useTranslation } from "react-i18next";
import { usePlaces } from "@/app/shell/navigation";
import type { SetOverlay } from "@/app/shell/overlays";
import { useSwitchWorkspace } from "@/app/shell/switchers";
import { StateBadge } from "@/components/ui/state_badge";
import { postListQuery, workspacesQuery } from "@/lib/api/queries";
import { useBrandFilter, useBrands, useCan, useWorkspace } from "@/lib/workspace/context";

const groupClass =
  "[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted";

export default function Palette({ onClose, onOverlay }: { onClose: () => void; onOverlay: SetOverlay }) {
  const { t } = useTranslation("shell");
  const [text, setText] = useState("");
  const navigate = useNavigate();
  const places = usePlaces();
  const mayCompose = useCan("posts.create");
  const mayPause = useCan("posts.publish");
  // Closes first: the page that follows takes the focus.
  const then = (act: () => void) => (): void => {
    onClose();
    act();
  };
  return (
    <Radix.Root open onOpenChange={onClose}>
      <Radix.Portal>
        <Radix.Overlay className="fade fixed inset-0 z-40 bg-black/60" />
        <Radix.Content
          aria-describedby={undefined}
          className="appear fixed inset-x-3 top-[12dvh] z-50 mx-auto max-w-xl overflow-hidden rounded-card bg-surface shadow-raised outline-none"
        >
          <Radix.Title className="sr-only">{t("palette.title")}</Radix.Title>
          <Command label={t("palette.title")} loop>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder={t("palette.placeholder")}
              className="h-12 w-full border-b border-hairline bg-transparent px-4 outline-none"
            />
            <Command.List className="max-h-[55dvh] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-6 text-center text-muted">{t("palette.none")}</Command.Empty>
              <Command.Group heading={t("palette.actions")} className={groupClass}>
                {mayCompose && (
                  <Item icon={<PenSquare />} onSelect={then(() => void navigate({ to: "/compose" }))}>
                    {t("palette.compose")}
                  </Item>
                )}
                {mayPause && (
                  <Item icon={<PauseCircle />} onSelect={() => onOverlay("pause")}>
                    {t("pausing:control.pause")}
                  </Item>
                )}
                <Item icon={<Keyboard />} onSelect={() => onOverlay("shortcuts")}>
                  {t("shortcuts.title")}
                </Item>
              </Command.Group>
              <Command.Group heading={t("palette.go")} className={groupClass}>
                {places.map(({ to, label, icon: Icon }) => (
                  <Item key={to} icon={<Icon />} onSelect={then(() => void navigate({ to }))}>
                    {t(`common:nav.${label}`)}
                  </Item>
                ))}
                <Item icon={<CircleUser />} onSelect={then(() => void navigate({ to: "/profile" }))}>
                  {t("user.profile")}
                </Item>
              </Command.Group>
              <Elsewhere then={then} />
              <FoundPosts text={text} onOpen={(postId) => then(() => void navigate({ to: "/posts/$postId", params: { postId } }))()} />
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Item({ icon, onSelect, value, children }: { icon: ReactNode; onSelect: () => void; value?: string; children: ReactNode }) {
  return (
    <Command.Item
      onSelect={onSelect}
      {...(value === undefined ? {} : { value })}
      className="flex min-h-10 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5 data-[selected=true]:bg-raised [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted"
    >
      {icon}
      {children}
    </Command.Item>
  );
}

function Elsewhere({ then }: { then: (act: () => void) => () => void }) {
  const { t } = useTranslation("shell");
  const here = useWorkspace();
  const workspaces = useQuery(workspacesQuery()).data?.filter((candidate) => candidate.id !== here.id) ?? [];
  const switchTo = useSwitchWorkspace();
  const brands = useBrands();
  const [brand, choose] = useBrandFilter();
  if (workspaces.length === 0 && brands.length < 2) return null;
  return (
    <Command.Group heading={t("palette.switch")} className={groupClass}>
      {brands.length > 1 && brand !== null && (
        <Item icon={<Layers />} onSelect={then(() => choose(null))}>
          {t("common:brand.all")}
        </Item>
      )}
      {brands.length > 1 &&
        brands
          .filter((candidate) => candidate.id !== brand?.id)
          .map((candidate) => (
            <Item
              key={candidate.id}
              value={`brand ${candidate.name} ${candidate.id}`}
              icon={<Layers />}
              onSelect={then(() => choose(candidate.id))}
            >
              {t("palette.toBrand", { name: candidate.name })}
            </Item>
          ))}
      {workspaces.map((workspace) => (
        <Item
          key={workspace.id}
          value={`workspace ${workspace.name} ${workspace.id}`}
          icon={<Building2 />}
          onSelect={then(() => switchTo(workspace.id))}
        >
          {t("palette.toWorkspace", { name: workspace.name })}
        </Item>
      ))}
    </Command.Group>
  );
}

const shortestSearch = 2;

function FoundPosts({ text, onOpen }: { text: string; onOpen: (postId: string) => void }) {
  const { t } = useTranslation("shell");
  const workspace = useWorkspace();
  const mayView = useCan("posts.view");
  const q = useDeferredValue(text.trim());
  const found = useQuery({ ...postListQuery(workspace.id, { q, limit: 6 }), enabled: mayView && q.length >= shortestSearch });
  const posts = q.length >= shortestSearch ? (found.data?.data ?? []) : [];
  if (posts.length === 0) return null;
  return (
    <Command.Group heading={t("palette.posts")} className={groupClass} forceMount>
      {posts.map((post) => (
        // The server has matched already; the value carries the search so that the list's own filter keeps it.
        <Item key={post.id} value={`${q} ${post.id}`} icon={<FileText />} onSelect={() => onOpen(post.id)}>
          <span className="min-w-0 flex-1 truncate">{post.content.body}</span>
          <StateBadge state={post.status} />
        </Item>
      ))}
    </Command.Group>
  );
}
