// Sends a file to the library. XMLHttpRequest, because fetch cannot say how much has been sent.
import { ApiError, errorFromResponse, unreachable } from "@/lib/api/error";
import { session } from "@/lib/api/session";
import type { Asset } from "@/lib/api/types";
import { apiBase } from "@/lib/base";
import { uuid } from "@/lib/uuid";

export type UploadRequest = {
  ws: string;
  brandId: string;
  file: File;
  // 0 to 1 of the bytes sent; the server's own work follows.
  onProgress: (share: number) => void;
  signal: AbortSignal;
};

// The stored asset. Throws ApiError; an aborted upload throws the signal's reason.
export async function uploadMedia({ ws, brandId, file, onProgress, signal }: UploadRequest): Promise<Asset> {
  const token = await session.freshToken();
  if (token === null) throw new ApiError({ status: 401, code: "unauthenticated", detail: "The session has ended. Sign in again." });
  const form = new FormData();
  form.append("brand_id", brandId);
  form.append("file", file, file.name);
  const request = new XMLHttpRequest();
  const done = new Promise<Asset>((resolve, reject) => {
    request.upload.onprogress = (event) => onProgress(event.lengthComputable && event.total > 0 ? event.loaded / event.total : 0);
    request.onerror = () => reject(unreachable(new Error("upload failed")));
    request.onabort = () => reject(signal.reason instanceof Error ? signal.reason : new Error("upload stopped"));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as Asset);
      else void refusal(request).then(reject);
    };
  });
  signal.addEventListener("abort", () => request.abort(), { once: true });
  request.open("POST", `${apiBase()}/workspaces/${ws}/media`);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("Authorization", `Bearer ${token}`);
  request.setRequestHeader("Idempotency-Key", uuid());
  request.send(form);
  return done;
}

function refusal(request: XMLHttpRequest): Promise<ApiError> {
  const headers = new Headers();
  for (const name of ["X-Request-Id", "Retry-After"]) {
    const value = request.getResponseHeader(name);
    if (value !== null) headers.set(name, value);
  }
  // Response takes no status outside 200 to 599; a proxy may answer others.
  const status = request.status >= 200 && request.status < 600 ? request.status : 502;
  return errorFromResponse(new Response(request.responseText, { status, headers }));
}
