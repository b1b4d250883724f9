// Our own simple marks in each network's colour; the network's name is what a screen reader says.
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

const names: Record<string, string> = { x: "X", mastodon: "Mastodon", bluesky: "Bluesky" };

const glyphs: Record<string, { className: string; drawing: ReactNode }> = {
  x: {
    className: "bg-[#0f1419] text-white ring-1 ring-white/25",
    drawing: <path d="M5.5 5.5 18.5 18.5M18.5 5.5 5.5 18.5" strokeWidth="2.6" />,
  },
  mastodon: {
    className: "bg-[#5b4be0] text-white",
    drawing: <path d="M6 17.5V10a3 3 0 0 1 6 0v3.5M12 13.5V10a3 3 0 0 1 6 0v7.5" strokeWidth="2.4" />,
  },
  bluesky: {
    className: "bg-[#0a6fd6] text-white",
    drawing: (
      <path
        d="M12 12C10.500 8.500 7 5.500 4.800 6c-.8 3.500.2 6.500 3.700 7-2 .8-2.500 3 .2 5 1.500-.6 2.700-2.500 3.300-4.500.6 2 1.800 3.900 3.300 4.500 2.700-2 2.200-4.200.2-5 3.500-.5 4.500-3.500 3.700-7C17 5.500 13.500 8.500 12 12Z"
        fill="currentColor"
        stroke="none"
      />
    ),
  },
};

const sizes = { sm: "size-4 rounded-[5px]", md: "size-5 rounded-md", lg: "size-9 rounded-lg" };

export function networkName(network: string): string {
  return names[network] ?? network.charAt(0).toUpperCase() + network.slice(1);
}

// `decorative` where the name stands beside it anyway.
export function NetworkGlyph({
  network,
  size = "md",
  decorative = false,
  className,
}: {
  network: string;
  size?: "sm" | "md" | "lg";
  decorative?: boolean;
  className?: string;
}) {
  const glyph = glyphs[network];
  const a11y = decorative ? { "aria-hidden": true as const } : { role: "img", "aria-label": networkName(network) };
  return (
    <span
      {...a11y}
      className={cx("inline-flex shrink-0 items-center justify-center", sizes[size], glyph?.className ?? "bg-raised text-muted", className)}
    >
      {glyph === undefined ? (
        <span aria-hidden className="text-[0.65em] font-semibold">
          {networkName(network).charAt(0)}
        </span>
      ) : (
        <svg
          aria-hidden
          viewBox="0 0 24 24"
          fill="none"
          stroke="currentColor"
          strokeLinecap="round"
          strokeLinejoin="round"
          className="size-[78%]"
        >
          {glyph.drawing}
        </svg>
      )}
    </span>
  );
}
