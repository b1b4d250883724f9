// What every failed call throws. The server answers problem+json (RFC 9457); a call that got no answer, or an
// answer that is not ours (a proxy's page), becomes one of the codes in `LocalCode`.
export type FieldError = {
  // JSON pointer into the request body, for example "/content/body".
  field: string;
  code: string;
  params: Record<string, unknown>;
  message: string;
};

export type LocalCode = "network_unreachable" | "unreadable_answer";

export class ApiError extends Error {
  override readonly name = "ApiError";
  // HTTP status; 0 when no answer came.
  readonly status: number;
  // Stable, for decisions in code: "validation_failed", "version_mismatch", …
  readonly code: string;
  // For people, in their language.
  readonly detail: string;
  readonly params: Record<string, unknown>;
  readonly errors: readonly FieldError[];
  readonly requestId: string | null;
  // Seconds until the server wants to be asked again (429, 503).
  readonly retryAfterSeconds: number | null;
  // The whole answer: 412 carries the current object beside the problem's own members.
  readonly body: unknown;

  constructor(init: {
    status: number;
    code: string;
    detail: string;
    params?: Record<string, unknown>;
    errors?: readonly FieldError[];
    requestId?: string | null;
    retryAfterSeconds?: number | null;
    body?: unknown;
  }) {
    super(init.detail);
    this.status = init.status;
    this.code = init.code;
    this.detail = init.detail;
    this.params = init.params ?? {};
    this.errors = init.errors ?? [];
    this.requestId = init.requestId ?? null;
    this.retryAfterSeconds = init.retryAfterSeconds ?? null;
    this.body = init.body;
  }
}

export function isApiError(error: unknown, code?: string): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}

export function unreachable(cause: unknown): ApiError {
  const error = new ApiError({
    status: 0,
    code: "network_unreachable",
    detail: "The server cannot be reached. Check the connection and try again.",
  });
  error.cause = cause;
  return error;
}

export async function errorFromResponse(response: Response): Promise<ApiError> {
  const requestId = response.headers.get("X-Request-Id");
  const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const common = { status: response.status, retryAfterSeconds: Number.isNaN(retryAfter) ? null : retryAfter };
  const body = await readJson(response);
  if (!isObject(body) || typeof body["code"] !== "string") {
    return new ApiError({
      ...common,
      code: "unreadable_answer",
      detail: `The server answered ${response.status} without saying why. A proxy between you and MyPost may have answered in its place.`,
      requestId,
      body,
    });
  }
  return new ApiError({
    ...common,
    code: body["code"],
    detail: text(body["detail"]) ?? text(body["title"]) ?? body["code"],
    params: isObject(body["params"]) ? body["params"] : {},
    errors: fieldErrors(body["errors"]),
    requestId: text(body["request_id"]) ?? requestId,
    body,
  });
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function fieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map((entry) => {
    const { field, code, params, message } = entry;
    return { field: text(field) ?? "", code: text(code) ?? "", params: isObject(params) ? params : {}, message: text(message) ?? "" };
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
