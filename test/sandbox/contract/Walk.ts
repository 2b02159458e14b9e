/**
 * The walk of the contract: what a row of its tables says, and the tests that follow from it.
 *
 * What holds for all operations follows from the contract alone: 401 without a token, 404 for an id that is unknown or
 * another organisation's, 400 for a body or a parameter that cannot be read, 500 by a fault. The rows say the rest.
 */
import { assert, describe, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ids from "../../../src/sandbox/Ids.js"
import { type Answer, send, start } from "../harness.js"
import { faultsOf, type Operation, type OperationId, operationOf } from "./Document.js"

/** What a request fills the operation's method and path with. */
export interface Sent {
  readonly path?: { readonly [name: string]: string }
  readonly query?: { readonly [name: string]: string }
  readonly body?: unknown
}

type Task<A> = Effect.Effect<A, unknown>

type Making = Sent | ((walk: Walk) => Sent | Task<Sent>)

/** A request that is refused, made of the good one. */
type Refused = (sent: Sent, walk: Walk) => Sent | Task<Sent>

export interface Row {
  /** The good request, with what it needs. */
  readonly sent: Making
  /** What its answer shows, and for a write a later read that shows what was written. */
  readonly shows: (json: any, walk: Walk, sent: Sent) => Task<unknown> | void
  /** The errors beyond those that hold for all. */
  readonly refuses?: { readonly [status: number]: Refused | ReadonlyArray<Refused> }
  /** Path parameters for which an id of no object is not the way to be unknown. */
  readonly unknown?: { readonly [name: string]: string }
}

export type Table = { readonly [id in OperationId]?: Row }

/** An id as the seed plants it. */
export const id = (name: string) => Ids.uuid(1, name)

/** The path of a seeded clean room. */
export const room = (key: string): Sent => ({ path: { cleanroomId: id(`cleanRoom/${key}`) } })

/** The path of a seeded question in its clean room. */
export const question = (key: string): Sent => ({ path: { cleanroomQuestionId: id(`cleanRoomQuestion/${key}`) } })

/** The same request somewhere else. */
export const at = (place: Sent) => (sent: Sent): Sent => ({ ...sent, path: { ...sent.path, ...place.path } })

/** The same request with parts of its body changed. */
export const change = (more: object) => (sent: Sent): Sent => ({ ...sent, body: { ...Object(sent.body), ...more } })

/** Ids of other organisations; for anything else an id of nothing. */
const foreign: { readonly [parameter: string]: string } = {
  cleanroomId: id("cleanRoom/foreign"),
  cleanroomQuestionId: id("cleanRoomQuestion/foreign-panel"),
  questionID: id("question/foreign-panel"),
  dataConnectionId: id("dataConnection/brand-crm")
}

const nothing = id("nothing")

const parametersIn = (operation: Operation, place: string) => operation.parameters.filter((item) => item.in === place)

const make = Effect.gen(function*() {
  const harness = yield* start({ strictContract: true, rows: 2000 })
  const { sandbox, token } = harness
  const kept = new Map<string, Sent>()
  const { world } = sandbox

  /** The clean room of an agency, all of whose parts are closed to the API user. */
  world.cleanRooms.put(
    Object.assign({}, world.cleanRooms.get(id("cleanRoom/agency")), {
      denied: ["partners", "users", "invitations", "datasets"] as const
    })
  )

  const urlOf = ({ parameters, path }: Operation, sent: Sent) => {
    const named = Object.entries({ ...sent.query }).filter(([name]) => parameters.some((item) => item.name === name))
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(sent.path?.[name] ?? nothing))
    const query = new URLSearchParams(named).toString()
    return `${sandbox.url}${filled}${query === "" ? "" : `?${query}`}`
  }

  const ask = (name: OperationId, sent: Sent = {}, authorization = `Bearer ${token}`): Task<Answer> => {
    const operation = operationOf(name)
    const hasBody = operation.takesBody && sent.body !== undefined
    return send(urlOf(operation, sent), {
      method: operation.method,
      headers: {
        ...(authorization === "" ? {} : { authorization }),
        ...(hasBody ? { "content-type": "application/json" } : {})
      },
      ...(hasBody ? { body: JSON.stringify(sent.body) } : {})
    })
  }

  /** Asks for a good answer, which fits the document. */
  const answer = (name: OperationId, sent: Sent = {}): Effect.Effect<any, unknown> =>
    Effect.map(ask(name, sent), ({ json, status, text }) => {
      const operation = operationOf(name)
      assert.strictEqual(status, operation.statuses[0], `${name}: ${text.slice(0, 400)}`)
      assert.deepStrictEqual(faultsOf(operation, json ?? text), [], name)
      return json ?? text
    })

  return { ...harness, kept, ask, answer, world, clock: sandbox.clock }
})

export type Walk = Effect.Effect.Success<typeof make>

const Walk = Context.GenericTag<Walk>("test/Walk")

const settled = <A>(made: A | Task<A>): Task<A> => Effect.isEffect(made) ? made : Effect.succeed(made)

/** The good request of a row, made once. */
const sentOf = (walk: Walk, name: OperationId, row: Row): Task<Sent> =>
  Effect.suspend(() => {
    const kept = walk.kept.get(name)
    if (kept !== undefined) return Effect.succeed(kept)
    const made = typeof row.sent === "function" ? settled(row.sent(walk)) : Effect.succeed(row.sent)
    return Effect.tap(made, (sent) => Effect.sync(() => walk.kept.set(name, sent)))
  })

const refused = (walk: Walk, name: OperationId, sent: Sent, status: number) =>
  Effect.map(walk.ask(name, sent), (answer) => {
    assert.strictEqual(answer.status, status, `${name} ${JSON.stringify(sent)}: ${answer.text.slice(0, 200)}`)
    if (status !== 403 && status !== 401) assert.hasAllKeys(answer.json, ["code", "message"])
    assert.isAbove(String(answer.json.message).length, 0)
  })

const withPath = (sent: Sent, name: string, value: string): Sent => ({ ...sent, path: { ...sent.path, [name]: value } })

/** The good request with one id after the other replaced: by another organisation's and by one of nothing. */
const unknown = (operation: Operation, row: Row) => (sent: Sent): ReadonlyArray<Sent> =>
  parametersIn(operation, "path").flatMap(({ name }) => {
    const values = row.unknown?.[name] === undefined ? [foreign[name] ?? nothing, nothing] : [row.unknown[name]]
    return [...new Set(values)].map((value) => withPath(sent, name, value ?? nothing))
  })

/** What a parameter cannot be, unless it is any text. */
const wrongValue = ({ schema }: Operation["parameters"][number]) =>
  schema.type === "string" && schema.enum === undefined || schema.type === "array" ? undefined : "something"

/** The good request with what cannot be read: a body of the wrong kind or incomplete, a parameter wrong or left out. */
const unreadable = (operation: Operation) => (sent: Sent): ReadonlyArray<Sent> => {
  const bodies = operation.takesBody ? ["text", ...(operation.requiredFields.length > 0 ? [{}] : [])] : []
  const queries = parametersIn(operation, "query").flatMap((parameter) => {
    const { [parameter.name]: _, ...rest } = { ...sent.query }
    const wrong = wrongValue(parameter)
    return [
      ...(parameter.required === true ? [rest] : []),
      ...(wrong === undefined ? [] : [{ ...rest, [parameter.name]: wrong }])
    ]
  })
  return [...bodies.map((body) => ({ ...sent, body })), ...queries.map((query) => ({ ...sent, query }))]
}

interface Proof {
  readonly status: number
  readonly check: (walk: Walk) => Task<unknown>
}

const proof = (status: number, check: Proof["check"]): ReadonlyArray<Proof> => [{ status, check }]

/** All that the walk proves of an operation, in the order in which it does. A limit is used up last. */
export const proofsOf = (name: OperationId, row: Row): ReadonlyArray<Proof> => {
  const operation = operationOf(name)
  const needsToken = operation.statuses.includes(401)
  const all = (status: number, variants: (sent: Sent) => ReadonlyArray<Sent>): ReadonlyArray<Proof> =>
    variants({}).length === 0 ?
      [] :
      proof(
        status,
        (walk) =>
          Effect.flatMap(
            sentOf(walk, name, row),
            (sent) => Effect.forEach(variants(sent), (variant) => refused(walk, name, variant, status))
          )
      )
  const rows = Object.entries(row.refuses ?? {}).flatMap(([key, refusals]) =>
    [refusals].flat().flatMap((refusal) =>
      proof(Number(key), (walk) =>
        Effect.gen(function*() {
          const sent = yield* sentOf(walk, name, row)
          yield* refused(walk, name, yield* settled(refusal(sent, walk)), Number(key))
        }))
    )
  )
  const good = proof(operation.statuses[0] ?? 200, (walk) =>
    Effect.gen(function*() {
      const sent = yield* sentOf(walk, name, row)
      const json = yield* walk.answer(name, sent)
      yield* row.shows(json, walk, sent) ?? Effect.void
    }))
  const byFault = proof(500, (walk) =>
    Effect.zipRight(
      walk.sandbox.faults.add({ kind: "status", status: 500, operation: name, count: 1 }),
      Effect.map(walk.ask(name), ({ status }) => assert.strictEqual(status, 500))
    ))
  const withoutToken = proof(
    401,
    (walk) =>
      Effect.forEach(
        ["", "Bearer expired"],
        (authorization) =>
          Effect.map(walk.ask(name, {}, authorization), ({ json, status }) => {
            assert.strictEqual(status, 401)
            assert.strictEqual(json.code, "UNAUTHORIZED")
          })
      )
  )
  return [
    ...(needsToken ? [...withoutToken, ...byFault] : []),
    ...all(404, unknown(operation, row)),
    ...all(400, unreadable(operation)),
    ...rows.filter(({ status }) => status !== 429),
    ...good,
    ...rows.filter(({ status }) => status === 429)
  ]
}

const entriesOf = (table: Table) =>
  Object.entries(table).flatMap(([name, row]) => row === undefined ? [] : [[name as OperationId, row] as const])

/** The tests of a table, in a sandbox of their own. */
export const walk = (title: string, table: Table) =>
  describe(title, () => {
    layer(Layer.scoped(Walk, make), { timeout: "30 seconds" })((it) => {
      for (const [name, row] of entriesOf(table)) {
        proofsOf(name, row).forEach(({ check, status }, index) => {
          it.effect(`${name}: ${status} (${index})`, () => Effect.flatMap(Walk, check))
        })
      }
    })
  })
