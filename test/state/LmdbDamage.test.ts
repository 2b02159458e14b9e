/**
 * What the LMDB engine does with a file or a folder that is not as it should be. The worst of them are opened by
 * processes of their own: without the guard the engine ends those with a signal.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { open as openEngine } from "lmdb"
import * as NodeFs from "node:fs"
import * as NodePath from "node:path"
import * as Lmdb from "../../src/state/Lmdb.js"
import { examine } from "../../src/state/LmdbPages.js"
import * as StateStore from "../../src/state/StateStore.js"
import { counter, increment } from "../../src/testing/StateConformance.js"
import * as Processes from "./processes.js"

const page = 4096

const dataFile = (folder: string) => NodePath.join(folder, "state.mdb")

const setAside = (folder: string) =>
  NodeFs.readdirSync(folder).filter((name) => /\.mdb\.(damaged|newer)-.*Z$/.test(name))

const range = (length: number) => Array.from({ length }, (_, index) => index)

const openStore = (folder: string, timeLimit: Duration.DurationInput = "5 seconds") =>
  Effect.map(Lmdb.make({ folder, timeLimit }), (backend) => StateStore.make(backend))

/** A folder with a closed store that has pages of every kind: every 40th value needs three pages of its own. */
const filled = Effect.gen(function*() {
  const folder = yield* Processes.folder
  const fill = Effect.flatMap(Lmdb.make({ folder }), (backend) =>
    Effect.forEach(range(400), (index) => {
      const value = "v".repeat(index % 40 === 0 ? 9000 : 150)
      return backend.modify(`key/${index}`, () => [undefined, { _tag: "Put", value, expiresAt: undefined }])
    }, { concurrency: 20 }))
  yield* Effect.scoped(fill)
  return folder
})

const withEngine = <A>(folder: string, use: (db: ReturnType<typeof openEngine<string, string | symbol>>) => A) =>
  Effect.promise(async () => {
    const db = openEngine<string, string | symbol>({
      path: dataFile(folder),
      noSubdir: true,
      overlappingSync: false,
      encoding: "string"
    })
    const answer = await use(db)
    await db.close()
    return answer
  })

interface Tree {
  readonly treeBranchPageCount: number
  readonly treeLeafPageCount: number
  readonly overflowPages: number
}

const overwrite = (file: Buffer, from: number, length = file.length) => {
  const damaged = Buffer.from(file)
  return damaged.fill("overwritten ", from, Math.min(from + length, file.length))
}

const overwrittenPages = (file: Buffer) =>
  range(file.length / page).filter((index) => examine(overwrite(file, index * page, page))._tag === "Damaged")

describe("examine", () => {
  it.scoped("finds every page in use that is overwritten, and no other", () =>
    Effect.gen(function*() {
      const folder = yield* filled
      const stats = yield* withEngine(folder, (db) => db.getStats() as Tree & { readonly free: Tree })
      const inUse = (tree: Tree) => tree.treeBranchPageCount + tree.treeLeafPageCount + tree.overflowPages / 3
      const file = NodeFs.readFileSync(dataFile(folder))
      expect(stats.treeBranchPageCount).toBeGreaterThan(0)
      expect(stats.overflowPages).toBe(30)
      expect(examine(file)).toEqual({ _tag: "Sound" })
      expect(overwrittenPages(file)).toHaveLength(2 + inUse(stats) + inUse(stats.free))
    }))

  it.scoped("finds a file that is cut off before its last page in use", () =>
    Effect.gen(function*() {
      const file = NodeFs.readFileSync(dataFile(yield* filled))
      const end = Math.max(...overwrittenPages(file)) * page
      const cuts = range(end / 512).map((part) => examine(file.subarray(0, part * 512 + 511))._tag)
      expect(new Set(cuts)).toEqual(new Set(["Damaged"]))
      expect(examine(file.subarray(0, 0))).toEqual({ _tag: "Empty" })
    }))
})

describe("Lmdb and a damaged file", () => {
  const damages: Record<string, (file: Buffer) => Buffer> = {
    garbage: (file) => overwrite(file, 0).fill(0xa5),
    text: () => Buffer.from("a text file\n".repeat(2000)),
    half: (file) => file.subarray(0, file.length / 2),
    short: (file) => file.subarray(0, 100),
    empty: () => Buffer.alloc(0),
    tail: (file) => overwrite(file, 2 * page),
    oneMeta: (file) => overwrite(file, page, page)
  }

  it.scopedLive("sets it aside, says so, and goes on; the process is not harmed", () =>
    Effect.gen(function*() {
      const sound = NodeFs.readFileSync(dataFile(yield* filled))
      const cases = yield* Effect.forEach(Object.values(damages), (damage) =>
        Effect.map(Processes.folder, (folder) => {
          const bytes = damage(sound)
          NodeFs.writeFileSync(dataFile(folder), bytes)
          return { bytes, folder }
        }))
      const folders = cases.map(({ folder }) => folder)
      const ended = yield* Processes.run(["open", ...folders], {})
      expect(ended).toMatchObject({ code: 0, signal: null })
      expect(ended.printed).toHaveLength(cases.length)
      for (const [index, { bytes, folder }] of cases.entries()) {
        const [name = "none", ...others] = setAside(folder)
        expect(others).toEqual([])
        expect(NodeFs.readFileSync(NodePath.join(folder, name)).equals(bytes)).toBe(true)
        expect(ended.printed[index]).toEqual({ folder, notices: [expect.stringContaining(name)] })
        expect(ended.printed[index]).toEqual({ folder, notices: [expect.stringContaining("is damaged")] })
        const store = yield* openStore(folder)
        expect(store.notices).toEqual([])
        expect(yield* store.get(counter)).toEqual(Option.some(1))
        expect(yield* store.list({ ...counter, name: "key/" })).toEqual([])
      }
    }), 60_000)

  it.scoped("is set aside by one only of those that open it at once", () =>
    Effect.gen(function*() {
      const folder = yield* filled
      NodeFs.truncateSync(dataFile(folder), 3 * page)
      const stores = yield* Effect.all(range(8).map(() => openStore(folder)), { concurrency: "unbounded" })
      expect(stores.flatMap(({ notices }) => notices)).toHaveLength(1)
      expect(setAside(folder)).toHaveLength(1)
      yield* Effect.all(stores.map((store) => increment(store)), { concurrency: "unbounded" })
      for (const store of stores) expect(yield* store.get(counter)).toEqual(Option.some(8))
    }))

  it.scopedLive("is set aside by one only of the processes that open it at once", () =>
    Effect.gen(function*() {
      const folder = yield* filled
      NodeFs.truncateSync(dataFile(folder), 3 * page)
      const ended = yield* Effect.all(range(4).map(() => Processes.run(["count", "10"], { state: folder })), {
        concurrency: "unbounded"
      })
      expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0])
      const notices = ended.flatMap(({ printed }) => printed as ReadonlyArray<{ readonly notices: Array<string> }>)
        .flatMap((printed) => printed.notices)
      expect(notices).toHaveLength(1)
      expect(setAside(folder)).toHaveLength(1)
      expect(yield* (yield* openStore(folder)).get(counter)).toEqual(Option.some(40))
    }), 60_000)

  it.scoped("a lock that a dead process left is taken over; a live one is waited for", () =>
    Effect.gen(function*() {
      const folder = yield* Processes.folder
      const lock = `${dataFile(folder)}.guard`
      NodeFs.writeFileSync(lock, "")
      const [took, error] = yield* Effect.timed(Effect.flip(openStore(folder, "200 millis")))
      expect(Duration.toMillis(took)).toBeLessThan(5000)
      expect(error.reason).toBe("unavailable")
      NodeFs.utimesSync(lock, 1, 1)
      yield* increment(yield* openStore(folder))
      expect(NodeFs.existsSync(lock)).toBe(false)
    }))
})

describe("Lmdb and another's file", () => {
  const mark = Symbol.for("habu-mcp state format")

  it.scoped("a newer format is set aside whole", () =>
    Effect.gen(function*() {
      const folder = yield* filled
      yield* withEngine(folder, (db) => db.put(mark, "2"))
      const bytes = NodeFs.readFileSync(dataFile(folder))
      const store = yield* openStore(folder)
      const [name = "none"] = setAside(folder)
      expect(name).toContain("newer")
      expect(store.notices).toEqual([expect.stringContaining("newer version")])
      expect(store.notices).toEqual([expect.stringContaining(name)])
      expect(NodeFs.readFileSync(NodePath.join(folder, name)).equals(bytes)).toBe(true)
      expect(yield* increment(store)).toBe(0)
    }))

  it.scoped("a file without our mark is set aside whole", () =>
    Effect.gen(function*() {
      const folder = yield* filled
      yield* withEngine(folder, (db) => db.remove(mark))
      const store = yield* openStore(folder)
      expect(setAside(folder)).toEqual([expect.stringContaining("damaged")])
      expect(store.notices).toEqual([expect.stringContaining("lacks its mark")])
      expect(yield* increment(store)).toBe(0)
    }))

  it.scoped("a file that was begun and not marked is used", () =>
    Effect.gen(function*() {
      const folder = yield* Processes.folder
      yield* withEngine(folder, () => undefined)
      const store = yield* openStore(folder)
      expect(store.notices).toEqual([])
      expect(yield* increment(store)).toBe(0)
    }))
})

describe("Lmdb where nothing can be stored", () => {
  // Root may write everywhere.
  const user = process.getuid?.() === 0 ? { user: 65_534 } : {}

  it.scopedLive("a folder that is read-only is refused, and what to do is said", () =>
    Effect.gen(function*() {
      const folder = yield* filled
      const below = NodePath.join(folder, "below")
      NodeFs.chmodSync(folder, 0o555)
      const ended = yield* Processes.run(["open", folder, below], user)
      NodeFs.chmodSync(folder, 0o755)
      expect(ended).toMatchObject({
        code: 0,
        printed: [{ folder, reason: "refused" }, { folder: below, reason: "refused" }]
      })
      for (const printed of ended.printed) {
        expect(printed).toMatchObject({ message: expect.stringContaining(folder) })
        expect(printed).toMatchObject({ message: expect.stringContaining("HABU_STATE") })
      }
      expect(setAside(folder)).toEqual([])
      expect((yield* openStore(folder)).notices).toEqual([])
    }), 60_000)

  it.scopedLive("files that may not be written are refused", () =>
    Effect.gen(function*() {
      const names = ["state.mdb", "state.mdb-lock"]
      const cases = yield* Effect.forEach(names, (name) =>
        Effect.map(filled, (folder) => {
          NodeFs.chmodSync(folder, 0o777)
          for (const each of names) NodeFs.chmodSync(NodePath.join(folder, each), each === name ? 0o400 : 0o666)
          return { folder, file: NodePath.join(folder, name) }
        }))
      const ended = yield* Processes.run(["open", ...cases.map(({ folder }) => folder)], user)
      expect(ended).toMatchObject({ code: 0, signal: null })
      expect(ended.printed).toEqual(cases.map(({ file, folder }) => ({
        folder,
        reason: "refused",
        message: expect.stringContaining(file)
      })))
    }), 60_000)

  it.scopedLive("a folder in the place of a file is refused", () =>
    Effect.gen(function*() {
      const paths = yield* Effect.forEach(["state.mdb", "state.mdb-lock"], (name) =>
        Effect.map(Processes.folder, (folder) => NodePath.join(folder, name)))
      for (const path of paths) {
        NodeFs.mkdirSync(path)
      }
      const ended = yield* Processes.run([
        "open",
        ...paths.map((path) =>
          NodePath.dirname(path)
        )
      ], {})
      expect(ended).toMatchObject({ code: 0, signal: null })
      expect(ended.printed).toEqual(
        paths.map((path) => expect.objectContaining({ reason: "refused", message: expect.stringContaining(path) }))
      )
    }), 60_000)

  it.scoped("a file in the place of the folder is refused", () =>
    Effect.gen(function*() {
      const file = NodePath.join(yield* Processes.folder, "file")
      NodeFs.writeFileSync(file, "a text")
      const errors = yield* Effect.all([
        Effect.flip(openStore(file)),
        Effect.flip(openStore(NodePath.join(file, "below")))
      ])
      for (const error of errors) {
        expect(error.reason).toBe("refused")
        expect(error.message).toContain(file)
        expect(error.message).toContain("HABU_STATE")
      }
      expect(NodeFs.readFileSync(file, "utf8")).toBe("a text")
    }))

  it.scopedLive(
    "when the file can grow no further an update fails, and all before it are kept",
    () =>
      Effect.gen(function*() {
        const folder = yield* Processes.folder
        const ended = yield* Processes.run(["fill", "5000"], { state: folder, fileBlocks: 500 })
        expect(ended).toMatchObject({
          code: 0,
          signal: null,
          // Where the limit cuts a write in two, the system tells no more than an input/output error.
          printed: [{ reason: expect.stringMatching(/refused|unavailable/), message: expect.stringContaining(folder) }]
        })
        const [{ acknowledged }] = ended.printed as readonly [{ readonly acknowledged: number }]
        expect(acknowledged).toBeGreaterThan(50)
        const backend = yield* Lmdb.make({ folder })
        expect(backend.notices).toEqual([])
        expect(yield* backend.scan("value/")).toHaveLength(acknowledged)
        expect(yield* increment(StateStore.make(backend))).toBe(0)
      }),
    60_000
  )
})
