import { useEffect, useState } from "react";
import { Outlet, useRouter } from "@tanstack/react-router";
import { Toaster } from "@/components/ui/toaster";
import { queryClient } from "@/lib/api/query_client";
import { session } from "@/lib/api/session";

export function Root() {
  useLeaveWhenSignedOut();
  return (
    <>
      <Outlet />
      <PageAnnouncer />
      <Toaster />
    </>
  );
}

// The session can end anywhere: signed out in another tab, suspended, expired. What was on screen is another
// person's from then on, so the cache goes and the way back is remembered.
function useLeaveWhenSignedOut(): void {
  const router = useRouter();
  useEffect(() => {
    let before = session.get().status;
    return session.subscribe(() => {
      const now = session.get().status;
      if (before === "signed_in" && now === "signed_out") {
        queryClient.clear();
        const here = router.latestLocation.href;
        void router.navigate({ to: "/sign-in", search: here === "/" ? {} : { next: here } });
      }
      before = now;
    });
  }, [router]);
}

// A new page without a page load is silent to screen readers; this reads its title out.
function PageAnnouncer() {
  const router = useRouter();
  const [title, setTitle] = useState("");
  useEffect(
    () =>
      router.subscribe("onRendered", ({ pathChanged }) => {
        // The page sets its title in an effect of its own, which runs first.
        if (pathChanged) setTitle(document.title);
      }),
    [router],
  );
  return (
    <p role="status" className="sr-only">
      {title}
    </p>
  );
}
