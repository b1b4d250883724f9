import { useEffect, useRef } from "react";
import { useNavigate } from "@tanstack/react-router";
import { usePlaces } from "@/app/shell/navigation";
import type { SetOverlay } from "@/app/shell/overlays";
import { useCan } from "@/lib/workspace/context";

// How long `g` waits for the second key.
const chordMs = 1200;

// Ctrl/⌘-K palette, `?` the list, `c` composes, `g` then a letter goes somewhere. Single keys rest while
// somebody types or a dialog is open.
export function useShortcuts(onOverlay: SetOverlay): void {
  const navigate = useNavigate();
  const places = usePlaces();
  const mayCompose = useCan("posts.create");
  const chordUntil = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        onOverlay("palette");
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target) || dialogOpen()) return;
      const inChord = Date.now() < chordUntil.current;
      chordUntil.current = 0;
      const place = inChord ? places.find((candidate) => candidate.key === event.key) : undefined;
      if (place !== undefined) void navigate({ to: place.to });
      else if (event.key === "g") chordUntil.current = Date.now() + chordMs;
      else if (event.key === "?") onOverlay("shortcuts");
      else if (event.key === "c" && mayCompose) void navigate({ to: "/compose" });
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [navigate, places, mayCompose, onOverlay]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select, [role='textbox'], [role='grid'] *"))
  );
}

function dialogOpen(): boolean {
  return document.querySelector("[role='dialog'], [role='alertdialog'], [role='menu']") !== null;
}
