import { useTranslation } from "react-i18next";
import { NetworkGlyph, networkName } from "@/components/ui/network_glyph";
import { AssetImage } from "@/features/media/components/asset_image";
import { cx } from "@/lib/cx";
import type { DraftContent, DraftMedia } from "../model/draft";
import type { Destination } from "../model/rules";
import { shownLink, tokensOf } from "../model/tokens";
import { lookOf, type Look } from "./preview_looks";
import { Avatar } from "@/components/ui/avatar";

type PreviewPart = { key: string; body: string; media: readonly DraftMedia[] };

// One account's post, thread and first comment in that network's own dress.
export function PostPreview({ destination, content }: { destination: Destination; content: DraftContent }) {
  const { t } = useTranslation("composer");
  const { network } = destination.rules;
  const look = lookOf(network);
  const parts: PreviewPart[] = [
    { key: "post", body: content.body, media: content.media },
    ...(destination.rules.thread ? content.thread : []),
    ...(content.first_comment !== "" && destination.rules.firstComment ? [{ key: "comment", body: content.first_comment, media: [] }] : []),
  ];
  return (
    <figure className="grid gap-2">
      <figcaption className="flex items-center gap-2 text-sm text-muted">
        <NetworkGlyph network={network} size="sm" decorative />
        {t("preview.of", { network: networkName(network) })}
      </figcaption>
      <div className={cx("overflow-hidden rounded-2xl px-4 py-3.5 ring-1 ring-hairline", look.card)}>
        {parts.map((part, index) => (
          <Part key={part.key} part={part} destination={destination} look={look} link={index === 0 ? content.link : ""} isLast={index === parts.length - 1} />
        ))}
      </div>
    </figure>
  );
}

type PartProps = { part: PreviewPart; destination: Destination; look: Look; link: string; isLast: boolean };

function Part({ part, destination, look, link, isLast }: PartProps) {
  const { t } = useTranslation("composer");
  const { account, rules } = destination;
  const handle = rules.network === "mastodon" && account.instance !== null && !account.handle.includes("@") ? `${account.handle}@${account.instance}` : account.handle;
  return (
    <div className="relative flex gap-3 pb-3 last:pb-0">
      {!isLast && <span aria-hidden className={cx("absolute top-11 bottom-0 left-4.5 w-0.5", look.line)} />}
      <Avatar name={account.name} src={account.avatar_url} square={look.squareAvatar} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-1.5 leading-tight">
          <span className="font-semibold">{account.name}</span>
          <span className={cx("truncate text-[13px]", look.muted)}>
            @{handle.replace(/^@/, "")} · {t("preview.now")}
          </span>
        </p>
        <p className="mt-1 text-[15px] leading-snug wrap-anywhere whitespace-pre-wrap">
          {part.body === "" && part.media.length === 0 ? <span className={look.muted}>{t("preview.noText")}</span> : <RichText text={part.body} network={rules.network} look={look} />}
        </p>
        <MediaGrid media={part.media} max={rules.maxMedia} look={look} />
        {link !== "" && part.media.length === 0 && (
          <p className={cx("mt-2.5 truncate rounded-xl border px-3 py-2 text-[13px]", look.frame, look.muted)}>{shownLink(link)}</p>
        )}
        <div aria-hidden className={cx("mt-2.5 flex max-w-80 justify-between [&>svg]:size-4", look.muted)}>
          {look.actions.map((Icon, index) => (
            <Icon key={index} />
          ))}
        </div>
      </div>
    </div>
  );
}

function RichText({ text, network, look }: { text: string; network: string; look: Look }) {
  return tokensOf(text, network).map((token, index) =>
    token.kind === "plain" ? (
      token.text
    ) : (
      <span key={index} className={look.link}>
        {token.kind === "link" ? shownLink(token.text) : token.text}
      </span>
    ),
  );
}

function MediaGrid({ media, max, look }: { media: readonly DraftMedia[]; max: number; look: Look }) {
  const shown = media.slice(0, Math.max(1, max));
  if (shown.length === 0) return null;
  return (
    <div className={cx("mt-2.5 grid gap-0.5 overflow-hidden border", look.frame, look.media, shown.length > 1 && "grid-cols-2")}>
      {shown.map((item, index) => (
        <AssetImage
          key={item.asset_id}
          media={item}
          className={cx("w-full object-cover", shown.length === 1 ? "max-h-80 min-h-40" : shown.length === 3 && index === 0 ? "row-span-2 h-full" : "aspect-4/3")}
        />
      ))}
    </div>
  );
}
