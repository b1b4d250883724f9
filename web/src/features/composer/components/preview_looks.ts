// The dress of each network's posts: enough to judge line breaks, pictures and links by. All text pairs meet AA.
import { Bookmark, ChartNoAxesColumn, Ellipsis, Heart, type LucideIcon, MessageCircle, Repeat2, Reply, Share, Star } from "lucide-react";

export type Look = {
  card: string;
  muted: string;
  link: string;
  // Borders of pictures and link cards.
  frame: string;
  // Corners of pictures.
  media: string;
  // The line that joins a thread's posts.
  line: string;
  squareAvatar: boolean;
  actions: readonly LucideIcon[];
};

const looks: Record<string, Look> = {
  x: {
    card: "bg-black text-[#e7e9ea]",
    muted: "text-[#8b98a5]",
    link: "text-[#1d9bf0]",
    frame: "border-[#2f3336]",
    media: "rounded-2xl",
    line: "bg-[#333639]",
    squareAvatar: false,
    actions: [MessageCircle, Repeat2, Heart, ChartNoAxesColumn, Bookmark, Share],
  },
  mastodon: {
    card: "bg-[#181821] text-[#efefff]",
    muted: "text-[#a3a3c2]",
    link: "text-[#a5a0ff]",
    frame: "border-[#33334a]",
    media: "rounded-lg",
    line: "bg-[#3a3a52]",
    squareAvatar: true,
    actions: [Reply, Repeat2, Star, Bookmark, Ellipsis],
  },
  bluesky: {
    card: "bg-[#151d28] text-[#f1f3f5]",
    muted: "text-[#a5b2c5]",
    link: "text-[#5aa9ff]",
    frame: "border-[#2c3a4e]",
    media: "rounded-xl",
    line: "bg-[#3a4a60]",
    squareAvatar: false,
    actions: [MessageCircle, Repeat2, Heart, Ellipsis],
  },
};

const plain: Look = {
  card: "bg-surface text-text",
  muted: "text-muted",
  link: "text-accent-text",
  frame: "border-hairline",
  media: "rounded-lg",
  line: "bg-hairline",
  squareAvatar: false,
  actions: [MessageCircle, Repeat2, Heart],
};

export function lookOf(network: string): Look {
  return looks[network] ?? plain;
}
