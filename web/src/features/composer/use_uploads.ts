// Files on their way to the library, and where in the draft each belongs when it arrives.
import { useCallback, useEffect, useRef, useState } from "react";
import { uploadMedia } from "@/features/media/api/upload";
import type { Scope } from "./model/draft";
import { type PartKey, withAsset, withMediaAt } from "./model/media";
import type { ComposerStore } from "./model/store";
import { uuid } from "@/lib/uuid";

export type Upload = {
  id: string;
  file: File;
  scope: Scope;
  part: PartKey;
  // 0 to 1
  progress: number;
  // What was refused; null while it runs.
  error: unknown;
};

export type Uploads = {
  list: readonly Upload[];
  add: (files: readonly File[], scope: Scope, part: PartKey) => void;
  retry: (id: string) => void;
  cancel: (id: string) => void;
};

export function useUploads(ws: string, store: ComposerStore): Uploads {
  const [list, setList] = useState<readonly Upload[]>([]);
  const running = useRef(new Map<string, AbortController>());
  const patch = useCallback((id: string, change: Partial<Upload>) => {
    setList((current) => current.map((upload) => (upload.id === id ? { ...upload, ...change } : upload)));
  }, []);
  const drop = useCallback((id: string) => setList((current) => current.filter((upload) => upload.id !== id)), []);

  const start = useCallback(
    async (upload: Upload) => {
      const stopper = new AbortController();
      running.current.set(upload.id, stopper);
      try {
        const asset = await uploadMedia({
          ws,
          brandId: store.get().draft.brand_id,
          file: upload.file,
          onProgress: (progress) => patch(upload.id, { progress }),
          signal: stopper.signal,
        });
        store.change((draft) => withMediaAt(draft, upload.scope, upload.part, (media) => withAsset(media, asset)));
        drop(upload.id);
      } catch (error) {
        if (stopper.signal.aborted) drop(upload.id);
        else patch(upload.id, { error });
      } finally {
        running.current.delete(upload.id);
      }
    },
    [drop, patch, store, ws],
  );

  useEffect(() => {
    const controllers = running.current;
    return () => {
      for (const controller of controllers.values()) controller.abort();
    };
  }, []);

  return {
    list,
    add(files, scope, part) {
      const added = files.map((file): Upload => ({ id: uuid(), file, scope, part, progress: 0, error: null }));
      setList((current) => [...current, ...added]);
      for (const upload of added) void start(upload);
    },
    retry(id) {
      const upload = list.find((candidate) => candidate.id === id);
      if (upload === undefined) return;
      patch(id, { error: null, progress: 0 });
      void start(upload);
    },
    cancel(id) {
      running.current.get(id)?.abort();
      drop(id);
    },
  };
}
