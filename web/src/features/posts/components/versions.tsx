import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { ErrorState } from "@/components/ui/error_state";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import { versionsQuery } from "@/lib/api/queries";
import type { Post } from "@/lib/api/types";
import { useWorkspace } from "@/lib/workspace/context";
import { PartView } from "./content_card";

// Who wrote what and when; nothing that was saved is lost.
export function Versions({ post }: { post: Post }) {
  const { t } = useTranslation("posts");
  const { id: ws } = useWorkspace();
  const versions = useQuery(versionsQuery(ws, post.id));
  return (
    <Card title={t("versions.title")}>
      {versions.isError && versions.data === undefined && <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />}
      {versions.isPending && <Skeleton count={2} className="h-10" />}
      {versions.data !== undefined && versions.data.length === 0 && <p className="text-muted">{t("versions.none")}</p>}
      <ol className="grid gap-1">
        {(versions.data ?? []).map((version) => (
          <li key={version.id}>
            <details className="rounded-lg px-2 py-1.5 open:bg-page">
              <summary className="text-sm">
                <span className="font-medium">{t("versions.number", { number: version.version })}</span>{" "}
                <span className="text-muted">
                  {version.author?.name ?? t("versions.system")}, <Time at={version.created_at} />
                </span>{" "}
                {version.version === post.version && <Badge>{t("versions.current")}</Badge>}
                {version.version === post.approved_version && <Badge tone="success">{t("versions.approved")}</Badge>}
              </summary>
              <div className="pt-2">
                <PartView body={version.content.body} media={(version.content.media ?? []).map((use) => ({ ...use, alt: use.alt ?? "", thumbnail_url: null, url: null }))} />
              </div>
            </details>
          </li>
        ))}
      </ol>
    </Card>
  );
}
