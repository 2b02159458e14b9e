/**
 * The port that a storage engine implements to hold state: text values under text keys, changed one key at a time.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { StateError } from "./StateError.js"

/**
 * What a change leaves under a key: the value it found, a new one, or nothing.
 *
 * `expiresAt` is in milliseconds since the epoch. It is a hint for engines that expire keys by themselves; the store
 * above checks it anyway.
 *
 * @since 0.1.0
 * @category models
 */
export type Next =
  | { readonly _tag: "Keep" }
  | { readonly _tag: "Remove" }
  | { readonly _tag: "Put"; readonly value: string; readonly expiresAt: number | undefined }

/**
 * An engine. `modify` is atomic over every fibre, process and machine that shares the engine's data; it may call `f`
 * more than once, so `f` is pure. A failure of `modify` leaves open whether the change was made.
 *
 * @since 0.1.0
 * @category models
 */
export interface StateBackend {
  readonly kind: "memory" | "lmdb" | "redis"
  /** Whether the data outlives the process. */
  readonly durable: boolean
  /** Where the data lies, for a person to read; holds no password. */
  readonly location: string
  /** What went wrong while opening and was put right, such as a damaged file set aside. */
  readonly notices: ReadonlyArray<string>
  readonly read: (key: string) => Effect.Effect<Option.Option<string>, StateError>
  readonly modify: <A>(
    key: string,
    f: (current: Option.Option<string>) => readonly [A, Next]
  ) => Effect.Effect<A, StateError>
  /** All keys that begin with the prefix, with their values, ordered by key. */
  readonly scan: (prefix: string) => Effect.Effect<ReadonlyArray<readonly [key: string, value: string]>, StateError>
}
