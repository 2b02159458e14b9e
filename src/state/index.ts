/**
 * What must outlive a process: the store, its engines, and how one is chosen.
 *
 * @since 0.1.0
 */
export * as Lmdb from "./Lmdb.js"
export * as Memory from "./Memory.js"
export * as Redis from "./Redis.js"
export * as StateBackend from "./StateBackend.js"
export * as StateConfig from "./StateConfig.js"
export * as StateError from "./StateError.js"
export * as StateStore from "./StateStore.js"
