// Names for what the server sends, derived from the routes of the generated schema: no type is written by hand.
import type { paths } from "@/lib/api/schema";

type JsonOf<T> = T extends { content: { "application/json": infer Json } } ? Json : never;
type Success<Responses> = JsonOf<Responses[Extract<keyof Responses, 200 | 201 | 202>]>;

export type Answer<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends { responses: infer Responses }
  ? Success<Responses>
  : never;
export type Body<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends { requestBody?: infer Request }
  ? JsonOf<NonNullable<Request>>
  : never;
export type Query<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Parameters } } }
  ? NonNullable<Parameters>
  : never;
type Item<List> = List extends { data: (infer Entry)[] } ? Entry : never;

export type Setup = Answer<"/setup", "get">;
export type SignedIn = Answer<"/auth/login", "post">;
export type User = Answer<"/auth/me", "get">;
export type Session = Item<Answer<"/auth/sessions", "get">>;

export type Workspace = Answer<"/workspaces/{workspace}", "get">;
export type WorkspaceSummary = Item<Answer<"/workspaces", "get">>;
export type Brand = Item<Answer<"/workspaces/{workspace}/brands", "get">>;
export type Member = Item<Answer<"/workspaces/{workspace}/members", "get">>;
export type Role = Item<Answer<"/workspaces/{workspace}/roles", "get">>;

export type Network = Item<Answer<"/networks", "get">>;
export type NetworkKind = Network["kinds"][number];
export type Account = Item<Answer<"/workspaces/{workspace}/accounts", "get">>;
export type AccountState = Account["state"];
export type Destination = Item<Answer<"/workspaces/{workspace}/connections/{connection}/destinations", "get">>;
export type NetworkApp = Item<Answer<"/system/network-apps", "get">>;

export type Post = Answer<"/workspaces/{workspace}/posts/{post}", "get">;
export type PostStatus = Post["status"];
export type Target = Post["targets"][number];
export type TargetState = Target["state"];
export type Part = Target["parts"][number];
export type Content = Post["content"];
export type PostInput = Body<"/workspaces/{workspace}/posts", "post">;
export type TargetInput = NonNullable<PostInput["targets"]>[number];
export type PostPatch = Body<"/workspaces/{workspace}/posts/{post}", "patch">;
export type PostFilters = Query<"/workspaces/{workspace}/posts">;
export type CalendarFilters = Query<"/workspaces/{workspace}/calendar">;
export type CalendarItem = Item<Answer<"/workspaces/{workspace}/calendar", "get">>;
export type Issue = Answer<"/workspaces/{workspace}/posts/validate", "post">["issues"][number];
export type Attempt = Item<Answer<"/workspaces/{workspace}/posts/{post}/attempts", "get">>;
export type PostVersion = Item<Answer<"/workspaces/{workspace}/posts/{post}/versions", "get">>;
export type Label = Item<Answer<"/workspaces/{workspace}/labels", "get">>;
export type Asset = Item<Answer<"/workspaces/{workspace}/media", "get">>;
