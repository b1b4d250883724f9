import { useFormat } from "@/lib/workspace/context";

export type TimeProps = {
  at: string;
  style?: "dateTime" | "full" | "date" | "time" | "relative";
  // A brand's own zone; else the workspace's.
  zone?: string | null;
  className?: string;
};

// An instant on the workspace's clock; hovering shows it in full and, where it differs, on the reader's own clock.
export function Time({ at, style = "dateTime", zone, className }: TimeProps) {
  const format = useFormat(zone);
  const own = format.own(at);
  return (
    <time dateTime={at} title={own === null ? format.full(at) : `${format.full(at)}\n${own}`} className={className}>
      {format[style](at)}
    </time>
  );
}
