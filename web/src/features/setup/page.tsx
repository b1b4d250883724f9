// First run: your account; your workspace; a network. Ends in the composer with a sample post.
import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EntryLayout } from "@/components/ui/entry_layout";
import { ErrorState } from "@/components/ui/error_state";
import { Skeleton } from "@/components/ui/skeleton";
import { AccountStep, type AccountValues } from "@/features/setup/components/account_step";
import { NetworkStep } from "@/features/setup/components/network_step";
import { Steps } from "@/features/setup/components/steps";
import { WorkspaceStep } from "@/features/setup/components/workspace_step";
import { setupQuery } from "@/lib/api/queries";

const empty: AccountValues = { name: "", email: "", password: "", setup_token: "" };

export default function SetupPage() {
  const { t } = useTranslation("setup");
  const setup = useQuery(setupQuery());
  const [step, setStep] = useState<0 | 1 | 2>(0);
  const [account, setAccount] = useState(empty);
  const [refused, setRefused] = useState<unknown>(null);

  if (setup.isPending) return <Skeleton />;
  if (setup.isError) {
    return (
      <EntryLayout title={t("title")}>
        <ErrorState error={setup.error} onRetry={() => void setup.refetch()} />
      </EntryLayout>
    );
  }
  // Set up long ago: this address has nothing more to offer.
  if (!setup.data.needed && step < 2) return <Navigate to="/" replace />;

  return (
    <EntryLayout title={t("title")} description={t("about")} wide>
      <Steps current={step} names={[t("steps.account"), t("steps.workspace"), t("steps.network")]} />
      {step === 0 && (
        <AccountStep
          values={account}
          askToken={setup.data.token_required}
          refused={refused}
          onDone={(values) => {
            setAccount(values);
            setRefused(null);
            setStep(1);
          }}
        />
      )}
      {step === 1 && (
        <WorkspaceStep
          account={account}
          onBack={() => setStep(0)}
          onRefused={(error) => {
            setRefused(error);
            setStep(0);
          }}
          onDone={() => setStep(2)}
        />
      )}
      {step === 2 && <NetworkStep />}
    </EntryLayout>
  );
}
