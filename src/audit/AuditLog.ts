/**
 * The append-only log of everything that was written to Habu through us, and of results that were read, for the reports
 * that say who changed what and who saw what.
 *
 * One JSON object a line, in a folder that several processes may share: every line is appended by one write, and a file
 * that has grown is put aside by renaming it. Secrets are redacted before anything is kept.
 *
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import * as Redaction from "../habu/Redaction.js"
import { type Write, WriteObserver } from "../habu/WriteObserver.js"
import { ChangeNote } from "./ChangeNote.js"
import { CurrentTool } from "./CurrentTool.js"

const maybe = <A, I, R>(schema: Schema.Schema<A, I, R>) => Schema.optionalWith(schema, { exact: true })

/**
 * One write, or one reading of results (`access` is `read`, and `payload` tells what of them). `at` is ISO with a zone;
 * `target` holds the path parameters; `payload` is redacted.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Entry = Schema.Struct({
  at: Schema.String,
  organization: Schema.String,
  tool: maybe(Schema.String),
  access: maybe(Schema.Literal("read")),
  operation: Schema.String,
  target: Schema.Record({ key: Schema.String, value: Schema.String }),
  outcome: Schema.Literal("done", "not_sent", "refused", "unknown"),
  code: maybe(Schema.String),
  request_id: maybe(Schema.String),
  query: maybe(Schema.Unknown),
  payload: maybe(Schema.Unknown),
  before: maybe(Schema.Unknown),
  after: maybe(Schema.Unknown)
})

export interface Entry extends Schema.Schema.Type<typeof Entry> {}

/**
 * Results that were handed out: by which operation they were read, whose they are (ids), and what of them was seen.
 *
 * @since 0.1.0
 * @category models
 */
export interface Read {
  readonly operation: string
  readonly target: { readonly [name: string]: string }
  readonly seen: { readonly [what: string]: unknown }
}

/**
 * What to read; without a field all writes. `access: "read"` asks for what was read instead.
 *
 * @since 0.1.0
 * @category models
 */
export interface Query {
  /** In milliseconds since the epoch. */
  readonly since?: number | undefined
  readonly operation?: string | undefined
  /** A value among the path parameters, such as a clean room's id. */
  readonly target?: string | undefined
  readonly access?: "write" | "read" | undefined
}

/**
 * Entries, oldest first, and how many lines could not be read.
 *
 * @since 0.1.0
 * @category models
 */
export interface Page {
  readonly entries: ReadonlyArray<Entry>
  readonly unreadable: number
}

/**
 * The log could not be written or read.
 *
 * @since 0.1.0
 * @category errors
 */
export class AuditFailed extends Schema.TaggedError<AuditFailed>()("AuditFailed", { message: Schema.String }) {}

/**
 * Appends to the log, and reports from it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** Appends a write. A log that cannot be written is told on stderr and stops nothing: the write has happened. */
  readonly record: (write: Write) => Effect.Effect<void>
  /** Appends a reading of results. A log that cannot be written is told on stderr. */
  readonly recordRead: (read: Read) => Effect.Effect<void>
  readonly read: (query: Query) => Effect.Effect<Page, AuditFailed>
  /** Where the log lies, for a person. */
  readonly location: string
}

/**
 * The log of writes and readings, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class AuditLog extends Context.Tag("habu-mcp/audit/AuditLog")<AuditLog, Service>() {}

/**
 * Where the log lies, whose it is and how long it is kept.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly folder: string
  /** Whose writes these are: the same for every process of an organisation. */
  readonly organization: string
  /** How large a file grows before it is put aside, in bytes. */
  readonly fileSize?: number | undefined
  /** How long files that were put aside are kept. */
  readonly kept?: Duration.DurationInput | undefined
}

const currentFile = "audit.jsonl"
const putAside = /^audit-\d{8}T\d{9}Z-[0-9a-f]{8}\.jsonl$/
// A line is one write to the file, so that lines of several processes never mix.
const longestPayload = 6_000

const encodeLine = Schema.encodeSync(Schema.parseJson(Entry))
const decodeLine = Schema.decodeEither(Schema.parseJson(Entry))

const capped = (value: unknown): unknown => {
  const shown = Redaction.redact(value)
  const text = JSON.stringify(shown)
  return text === undefined || text.length <= longestPayload ? shown : `${text.slice(0, longestPayload)}…`
}

const isEmpty = (value: unknown) =>
  value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0)

const beginning = (organization: string) =>
  Effect.gen(function*() {
    const tool = yield* CurrentTool
    const now = yield* Clock.currentTimeMillis
    return { at: new Date(now).toISOString(), organization, ...(tool !== undefined && { tool }) }
  })

const ofWrite = (write: Write, organization: string) =>
  Effect.map(beginning(organization), (begun): Entry => ({
    ...begun,
    operation: write.operation.id,
    target: write.target,
    outcome: write.outcome,
    ...(write.code !== undefined && { code: write.code }),
    ...(write.requestId !== undefined && { request_id: write.requestId }),
    ...(!isEmpty(write.query) && { query: capped(write.query) }),
    ...(!isEmpty(write.payload) && { payload: capped(write.payload) })
  })).pipe(Effect.zipWith(ChangeNote, (entry, note): Entry =>
    note === undefined ? entry : { ...entry, before: capped(note.before), after: capped(note.after) }))

const ofRead = ({ operation, seen, target }: Read, organization: string) =>
  Effect.map(beginning(organization), (begun): Entry => ({
    ...begun,
    access: "read",
    operation,
    target,
    outcome: "done",
    payload: capped(seen)
  }))

const matches = (query: Query, organization: string) => (entry: Entry) =>
  entry.organization === organization &&
  (entry.access === "read") === (query.access === "read") &&
  (query.since === undefined || Date.parse(entry.at) >= query.since) &&
  (query.operation === undefined || entry.operation === query.operation) &&
  (query.target === undefined || Object.values(entry.target).includes(query.target))

const pageOf = (lines: ReadonlyArray<string>, wanted: (entry: Entry) => boolean): Page => {
  const read = lines.filter((line) => line.trim() !== "").map((line) => decodeLine(line))
  const entries = read.flatMap((one) => Either.isRight(one) && wanted(one.right) ? [one.right] : [])
  return {
    entries: [...entries].sort((a, b) => a.at < b.at ? -1 : a.at > b.at ? 1 : 0),
    unreadable: read.filter(Either.isLeft).length
  }
}

const stamp = (now: number) => new Date(now).toISOString().replace(/[-:.]/g, "")

/**
 * Makes a log in a folder, which only its owner may read.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(options: Options) {
  const files = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const fileSize = options.fileSize ?? 5_000_000
  const kept = Duration.toMillis(options.kept ?? Duration.days(90))
  const current = paths.join(options.folder, currentFile)

  const failed = (what: string) => (error: { readonly message: string }) =>
    new AuditFailed({ message: `The audit log in ${options.folder} could not be ${what}: ${error.message}` })

  // Two processes may both put the file aside; the second one then moves a file of few lines, and none is lost.
  const turn = Effect.gen(function*() {
    const { size } = yield* files.stat(current)
    if (Number(size) < fileSize) return
    const now = yield* Clock.currentTimeMillis
    const name = `audit-${stamp(now)}-${crypto.randomUUID().slice(0, 8)}.jsonl`
    yield* files.rename(current, paths.join(options.folder, name))
    const old = (yield* files.readDirectory(options.folder)).filter((file) =>
      putAside.test(file) && file.slice(6, 25) < stamp(now - kept)
    )
    yield* Effect.forEach(old, (file) => Effect.ignore(files.remove(paths.join(options.folder, file))))
  }).pipe(Effect.ignore)

  const append = (line: string) =>
    files.writeFileString(current, `${line}\n`, { flag: "a", mode: 0o600 }).pipe(
      Effect.catchIf(
        (error) => error._tag === "SystemError" && error.reason === "NotFound",
        () =>
          files.makeDirectory(options.folder, { recursive: true, mode: 0o700 }).pipe(
            Effect.zipRight(files.writeFileString(current, `${line}\n`, { flag: "a", mode: 0o600 }))
          )
      )
    )

  const keep = (entry: Effect.Effect<Entry>) =>
    Effect.flatMap(entry, (one) => append(encodeLine(one))).pipe(
      Effect.zipRight(turn),
      Effect.mapError(failed("written")),
      Effect.catchAll((error) => Effect.logError(error.message)),
      Effect.uninterruptible
    )

  return AuditLog.of({
    location: options.folder,
    record: (write) => keep(ofWrite(write, options.organization)),
    recordRead: (read) => keep(ofRead(read, options.organization)),
    read: Effect.fn("AuditLog.read")(function*(query) {
      const exists = yield* Effect.mapError(files.exists(options.folder), failed("read"))
      if (!exists) return { entries: [], unreadable: 0 }
      const names = yield* Effect.mapError(files.readDirectory(options.folder), failed("read"))
      const texts = yield* Effect.forEach(
        names.filter((file) => file === currentFile || putAside.test(file)).sort(),
        (file) => Effect.mapError(files.readFileString(paths.join(options.folder, file)), failed("read"))
      )
      return pageOf(texts.flatMap((text) => text.split("\n")), matches(query, options.organization))
    })
  })
})

const observed = Layer.effect(WriteObserver, Effect.map(AuditLog, (log) => log.record))

/**
 * Provides a log in a folder, told of every write.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options) => Layer.provideMerge(observed, Layer.effect(AuditLog, make(options)))

/**
 * Provides a log in memory, told of every write: for tests, and where nothing may be kept.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerMemory = (organization: string) =>
  Layer.provideMerge(
    observed,
    Layer.effect(
      AuditLog,
      Effect.map(Ref.make<ReadonlyArray<string>>([]), (lines) => {
        const keep = (entry: Effect.Effect<Entry>) =>
          Effect.flatMap(entry, (one) => Ref.update(lines, (before) => [...before, encodeLine(one)]))
        return {
          location: "memory",
          record: (write) => keep(ofWrite(write, organization)),
          recordRead: (read) => keep(ofRead(read, organization)),
          read: (query) => Effect.map(Ref.get(lines), (all) => pageOf(all, matches(query, organization)))
        }
      })
    )
  )
