// What a route shows instead of its page: while it loads, when it failed, when it is not there or not allowed.
import { useQuery, useQueryErrorResetBoundary } from "@tanstack/react-query";
import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { Compass, Lock } from "lucide-react";
import { useTranslation } from "react-i18next";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty_state";
import { ErrorState } from "@/components/ui/error_state";
import { Skeleton } from "@/components/ui/skeleton";
import { NoWorkspace } from "@/app/enter";
import { rolesQuery } from "@/lib/api/queries";
import { isApiError } from "@/lib/api/error";
import { useWorkspace } from "@/lib/workspace/context";
import type { Permission } from "@/lib/workspace/rights";

export function RoutePending() {
  return (
    <div className="mx-auto w-full max-w-6xl p-4 sm:p-6">
      <Skeleton />
    </div>
  );
}

export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  const { t } = useTranslation();
  if (isApiError(error, "not_found")) return <NotFound />;
  const retry = (): void => {
    queries.reset();
    reset();
    void router.invalidate();
  };
  const title = error instanceof NoWorkspace ? t("error.noWorkspace") : undefined;
  return (
    <div className="mx-auto w-full max-w-3xl p-4 sm:p-6">
      <ErrorState error={error} onRetry={retry} {...(title === undefined ? {} : { title })} />
    </div>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="mx-auto w-full max-w-3xl p-4 sm:p-6">
      <EmptyState icon={<Compass />} title={t("error.notFoundTitle")} action={<ToDashboard />}>
        {t("error.notFound")}
      </EmptyState>
    </div>
  );
}

export function Forbidden({ permission }: { permission: Permission | "system" }) {
  const { t } = useTranslation();
  return (
    <div className="mx-auto w-full max-w-3xl p-4 sm:p-6">
      <EmptyState icon={<Lock />} title={t("error.forbiddenTitle")} action={<ToDashboard />}>
        {permission === "system" ? t("error.forbiddenSystem") : <WhoCan permission={permission} />}
      </EmptyState>
    </div>
  );
}

// The roles of this workspace that hold the permission; without the right to read roles, the built-in ones that always do.
function WhoCan({ permission }: { permission: Permission }) {
  const { t } = useTranslation();
  const roles = useQuery({ ...rolesQuery(useWorkspace().id), retry: false });
  const holders = roles.data?.filter((role) => role.permissions.includes(permission)).map((role) => role.name);
  return t("error.forbidden", { permission, roles: (holders ?? ["Owner", "Admin"]).join(", ") });
}

function ToDashboard() {
  const { t } = useTranslation();
  return (
    <Link to="/" className={buttonClass("primary")}>
      {t("error.toDashboard")}
    </Link>
  );
}
