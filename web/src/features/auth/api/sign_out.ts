import { api } from "@/lib/api/client";
import { isApiError } from "@/lib/api/error";
import { session } from "@/lib/api/session";
import { toastError } from "@/lib/toast";

// Ends the session on the server first: a cookie that still lives would sign the next person in.
export async function signOut(): Promise<void> {
  try {
    await api.POST("/auth/logout");
  } catch (error) {
    // 401: it had ended already.
    if (!isApiError(error) || error.status !== 401) {
      toastError(error);
      return;
    }
  }
  session.signedOut();
}
