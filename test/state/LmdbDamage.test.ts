/**
 * What the LMDB engine does with a file or a disk that is not as it should be. The damaged files are opened by
 * processes of their own: without the guard the engine ends them with a signal.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { open as openEngine } from "lmdb"
import * as NodeFs from "node:fs"
import * as NodePath from "node:path"
import * as Lmdb from "../../src/state/Lmdb.js"
import * as LmdbGuard from "../../src/state/LmdbGuard.js"
import { examine } from "../../src/state/LmdbPages.js"
import * as StateStore from "../../src/state/StateStore.js"
import { counter, increment } from "../../src/testing/StateConformance.js"
import * as Processes from "./processes.js"

const page = 4096

const dataFile = (folder: string) => NodePath.join(folder, "state.mdb")

const setAside = (folder: string) => NodeFs.readdirSync(folder).filter((name) => /\.mdb\.(damaged|newer)-[^-]+-[^-]+-[^-]+-[^-]+-[^-]+Z$/.test(name))

/** A folder with a store that has pages of every kind, and how many of them are in use. */
const filled = Effect.gen(function*() {
  const folder = yield* Processes.folder
  yield* Effect.scoped(Effect.gen(function*() {
    const backend = yield* Lmdb.make({ folder })
    yield* Effect.forEach(
      Array.from({ length: 300 }, (_, index) => index),
      (index) =>
        backend.modify(`key/${index}`, () => [
          undefined,
          { _tag: "Put", value: "v".repeat(index % 40 === 0 ? 9000 : 150), expiresAt: undefined }
        ]),
      { concurrency: 30 }
    )
  }))
  return folder
})

const overwritten = (file: Buffer, from: number, length: number) => {
  const damaged = Buffer.from(file)
  damaged.fill("overwritten ", from, Math.min(from + length, damaged.length))
  return damaged
}

describe("examine", () => {
  it.scoped("finds each page in use that is overwritten, and no other", () =>
    Effect.gen(function*() {
      const folder = yield* filled
      const file = NodeFs.readFileSync(dataFile(folder))
      expect(examine(file)).toEqual({ _tag: "Sound" })

      const db = openEngine({ path: dataFile(folder), noSubdir: true, overlappingSync: false, readOnly: true })
      const { free, ...data } = db.getStats() as Record<string, ...>
    }))
})
