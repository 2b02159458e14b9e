/**
 * What clients sent, so that a test of any client can assert on it.
 *
 * @since 0.1.0
 */

/**
 * One request. `status` is missing where no answer was sent, `operation` where the path or the method has none;
 * `path` carries the query; `time` is on the sandbox's clock.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  readonly time: string
  readonly method: string
  readonly path: string
  readonly operation?: string
  readonly status?: number
  readonly fault?: string
  readonly requestId: string
}

const most = 20_000

/**
 * The requests so far, oldest first, in the order in which they came in.
 *
 * @since 0.1.0
 * @category models
 */
export interface RequestLog {
  readonly entries: () => ReadonlyArray<Entry>
  readonly open: (entry: Entry) => { readonly add: (more: Partial<Entry>) => void }
  readonly clear: () => void
}

/**
 * Makes an empty log that keeps the last 20 000 requests.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (): RequestLog => {
  const entries: Array<Entry> = []
  return {
    entries: () => [...entries],
    open: (first) => {
      const entry = { ...first }
      entries.push(entry)
      if (entries.length > most) entries.shift()
      return { add: (more) => Object.assign(entry, more) }
    },
    clear: () => {
      entries.length = 0
    }
  }
}
