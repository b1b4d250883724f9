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
export type Query<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Parameters } } } ? NonNullable<Parameters> : never;
type Item<List> = List extends { data: (infer Entry)[] } ? Entry : never;

export type Setup = Answer<"/setup", "get">;
export type SignedIn = Answer<"/auth/login", "post">;
export type User = Answer<"/auth/me", "get">;
export type Session = Item<Answer<"/auth/sessions", "get">>;

export type Workspace = Answer<"/workspaces/{ws}", "get">;
export type WorkspaceItem = Item<Answer<"/workspaces", "get">>;
export type Brand = Item<Answer<"/workspaces/{ws}/brands", "get">>;
export type Member = Item<Answer<"/workspaces/{ws}/members", "get">>;
export type Role = Item<Answer<"/workspaces/{ws}/roles", "get">>;

export type Network = Item<Answer<"/networks", "get">>;
export type NetworkKind = Network["kinds"][number];
export type Account = Item<Answer<"/workspaces/{ws}/accounts", "get">>;
export type AccountState = Account["state"];
export type Destination = Item<Answer<"/workspaces/{ws}/connections/{connection}/destinations", "get">>;
export type NetworkApp = Item<Answer<"/system/network-apps", "get">>;

export type Post = Answer<"/workspaces/{ws}/posts/{post}", "get">;
export type PostStatus = Post["status"];
export type Target = Post["targets"][number];
export type TargetState = Target["state"];
export type Part = Target["parts"][number];
export type Content = Post["content"];
export type PostInput = Body<"/workspaces/{ws}/posts", "post">;
export type TargetInput = PostInput["targets"][number];
export type PostPatch = Body<"/workspaces/{ws}/posts/{post}", "patch">;
export type PostFilters = Query<"/workspaces/{ws}/posts">;
export type CalendarFilters = Query<"/workspaces/{ws}/calendar">;
export type CalendarItem = Item<Answer<"/workspaces/{ws}/calendar", "get">>;
export type Issue = Answer<"/workspaces/{ws}/posts/validate", "post">["issues"][number];
export type Attempt = Item<Answer<"/workspaces/{ws}/posts/{post}/attempts", "get">>;
export type PostVersion = Item<Answer<"/workspaces/{ws}/posts/{post}/versions", "get">>;
export type Label = Item<Answer<"/workspaces/{ws}/labels", "get">>;
export type Asset = Item<Answer<"/workspaces/{ws}/media", "get">>;
