import type { Post } from "@/lib/api/types";

const longestTitle = 80;

// A post's first line, cut short; "" for a post without text.
export function titleOf(post: Pick<Post, "content">): string {
  const line = post.content.body.trim().split("\n")[0] ?? "";
  return line.length > longestTitle ? `${line.slice(0, longestTitle).trimEnd()}…` : line;
}
