import { useState } from "react";
import { NetworkGlyph } from "@/components/ui/network_glyph";
import { cx } from "@/lib/cx";

export type AvatarProps = {
  name: string;
  src?: string | null | undefined;
  // Shown in the corner: whose account this is.
  network?: string | undefined;
  size?: "sm" | "md" | "lg";
  square?: boolean;
  className?: string;
};

const sizes = { sm: "size-6 text-[10px]", md: "size-9 text-xs", lg: "size-12 text-base" };
// Dark enough for white initials (AA), told apart by the name.
const colours = ["#7a3fb8", "#b1366f", "#a3481c", "#8a6100", "#2f7d32", "#0e7580", "#2b62c4", "#5b57e8"];

// Decorative: the name always stands beside it or in the control's label.
export function Avatar({ name, src, network, size = "md", square = false, className }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const shape = square ? "rounded-lg" : "rounded-full";
  return (
    <span aria-hidden className={cx("relative inline-flex shrink-0", sizes[size], className)}>
      {src != null && src !== broken ? (
        <img src={src} alt="" loading="lazy" onError={() => setBroken(src)} className={cx("size-full object-cover", shape)} />
      ) : (
        <span
          className={cx("flex size-full items-center justify-center font-semibold text-white", shape)}
          style={{ backgroundColor: colourOf(name) }}
        >
          {initials(name)}
        </span>
      )}
      {network !== undefined && (
        <NetworkGlyph network={network} size="sm" decorative className="absolute -right-1 -bottom-1 ring-2 ring-surface" />
      )}
    </span>
  );
}

function initials(name: string): string {
  const words = name
    .replace(/^@/, "")
    .split(/[\s._-]+/)
    .filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters
    .map((word) => Array.from(word ?? "?")[0] ?? "?")
    .join("")
    .toUpperCase();
}

function colourOf(name: string): string {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return colours[hash % colours.length] ?? "#5b57e8";
}
