// What opens over any page; each loads its code when it is first opened.
import { lazy, Suspense } from "react";

export type Overlay = "palette" | "shortcuts" | "pause" | null;
export type SetOverlay = (overlay: Overlay) => void;

const Palette = lazy(() => import("@/app/shell/palette"));
const Shortcuts = lazy(() => import("@/app/shell/shortcuts_dialog"));
const Pause = lazy(() => import("@/features/pausing/dialog"));

export function OverlayHost({ overlay, onOverlay }: { overlay: Overlay; onOverlay: SetOverlay }) {
  const close = (): void => onOverlay(null);
  return (
    <Suspense fallback={null}>
      {overlay === "palette" && <Palette onClose={close} onOverlay={onOverlay} />}
      {overlay === "shortcuts" && <Shortcuts onClose={close} />}
      {overlay === "pause" && <Pause onClose={close} />}
    </Suspense>
  );
}
