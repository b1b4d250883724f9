import { useTranslation } from "react-i18next";
import { Page } from "@/components/ui/page";
import { PageHeader } from "@/components/ui/page_header";
import { PasswordCard } from "@/features/profile/components/password_card";
import { PersonCard } from "@/features/profile/components/person_card";
import { SessionsCard } from "@/features/profile/components/sessions_card";
import { ThemeCard } from "@/features/profile/components/theme_card";
import { useSessionUser } from "@/lib/workspace/context";

export default function ProfilePage() {
  const { t } = useTranslation("profile");
  const user = useSessionUser();
  if (user === null) return null;
  return (
    <Page narrow>
      <PageHeader title={t("title")} description={user.email} />
      <div className="grid gap-4">
        <PersonCard user={user} />
        <ThemeCard />
        <PasswordCard email={user.email} />
        <SessionsCard />
      </div>
    </Page>
  );
}
