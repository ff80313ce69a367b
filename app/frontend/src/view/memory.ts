export interface Memory {
  get(key: string): string | null
  /** Null forgets. */
  set(key: string, value: string | null): void
}

/** Keeps texts in the browser's storage, and does without where a reader has switched it off. */
export function createMemory(storage: () => Storage): Memory {
  return {
    get(key) {
      try {
        return storage().getItem(key)
      } catch {
        return null
      }
    },
    set(key, value) {
      try {
        if (value === null) storage().removeItem(key)
        else storage().setItem(key, value)
      } catch {
        // The choice holds until the page is left.
      }
    },
  }
}
