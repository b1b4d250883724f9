import { useTranslation } from "react-i18next";
import { Card } from "@/components/ui/card";
import { AssetImage, type ShownMedia } from "@/features/media/components/asset_image";
import type { Post } from "@/lib/api/types";

// The shared text and pictures of the post.
export function ContentCard({ post }: { post: Post }) {
  const { t } = useTranslation("posts");
  const { content, labels } = post;
  return (
    <Card title={t("content.title")}>
      <div className="grid gap-4">
        <PartView body={content.body} media={content.media} />
        {content.thread.map((part, index) => (
          <div key={index} className="border-t border-hairline pt-3">
            <p className="mb-1 text-xs text-muted">{t("part.thread", { number: index + 2 })}</p>
            <PartView body={part.body} media={part.media} />
          </div>
        ))}
        {content.link !== null && content.link !== "" && <p className="text-sm wrap-anywhere text-muted">{content.link}</p>}
        {content.first_comment !== null && content.first_comment !== "" && (
          <div className="border-t border-hairline pt-3">
            <p className="mb-1 text-xs text-muted">{t("part.first_comment")}</p>
            <p className="wrap-anywhere whitespace-pre-wrap">{content.first_comment}</p>
          </div>
        )}
        {labels.length > 0 && (
          <ul className="flex flex-wrap gap-1.5" aria-label={t("content.labels")}>
            {labels.map((label) => (
              <li key={label.id} className="flex h-6 items-center gap-1.5 rounded-full bg-raised px-2.5 text-xs">
                <span aria-hidden className="size-2 rounded-full" style={{ backgroundColor: label.color }} />
                {label.name}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Card>
  );
}

export function PartView({ body, media }: { body: string; media: readonly ShownMedia[] }) {
  const { t } = useTranslation("posts");
  return (
    <div className="grid gap-3">
      {body === "" ? <p className="text-muted">{t("untitled")}</p> : <p className="leading-relaxed wrap-anywhere whitespace-pre-wrap">{body}</p>}
      {media.length > 0 && (
        <div className="grid grid-cols-2 gap-2">
          {media.map((item) => (
            <AssetImage key={item.asset_id} media={item} className="aspect-4/3 w-full rounded-lg object-cover" />
          ))}
        </div>
      )}
    </div>
  );
}
