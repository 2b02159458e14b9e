/**
 * A disk that is full when the LMDB engine opens ends the process with a signal, so the engine must not get there.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as NodeFs from "node:fs"
import { afterEach, vi } from "vitest"
import * as Lmdb from "../../src/state/Lmdb.js"
import * as Processes from "./processes.js"

const disk = vi.hoisted(() => ({ blocks: 1_000_000, bavail: 1_000_000, bsize: 1024 }))

vi.mock("node:fs/promises", async (original) => ({
  ...(await original<typeof import("node:fs/promises")>()),
  statfs: () => Promise.resolve(disk)
}))

afterEach(() => {
  Object.assign(disk, { blocks: 1_000_000, bavail: 1_000_000 })
})

describe("Lmdb on a full disk", () => {
  it.scoped("is refused before a file is made, and what to do is said", () =>
    Effect.gen(function*() {
      const folder = yield* Processes.folder
      disk.bavail = 4095
      const error = yield* Effect.flip(Lmdb.make({ folder }))
      expect(error.reason).toBe("refused")
      expect(error.message).toContain(folder)
      expect(error.message).toContain("full")
      expect(NodeFs.readdirSync(folder)).toEqual([])
      disk.bavail = 4096
      expect((yield* Lmdb.make({ folder })).notices).toEqual([])
    }))

  it.scoped("a file system that does not tell its size is trusted", () =>
    Effect.gen(function*() {
      Object.assign(disk, { blocks: 0, bavail: 0 })
      expect((yield* Lmdb.make({ folder: yield* Processes.folder })).notices).toEqual([])
    }))
})
