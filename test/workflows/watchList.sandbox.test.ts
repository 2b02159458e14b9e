import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuDirectory from "../../src/habu/HabuDirectory.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Seed from "../../src/sandbox/Seed.js"
import * as Memory from "../../src/state/Memory.js"
import * as WatchList from "../../src/workflows/WatchList.js"

const config = Layer.unwrapEffect(Effect.map(
  Sandbox.Sandbox,
  ({ clientId, clientSecret, clock, url }) =>
    HabuConfig.layer({ apiUrl: url, clientId, clientSecret, sandboxSpeed: clock.speed })
))

const ofProcess = Layer.mergeAll(HabuDirectory.layer, WatchList.layer).pipe(
  Layer.provideMerge(HabuClient.layerDefault())
)

const world = Layer.provideMerge(
  config,
  Layer.mergeAll(Memory.layer, FetchHttpClient.layer, Sandbox.layer({ rows: 500, speed: 300 }))
)

const stack = Layer.provideMerge(ofProcess, world)

/** The watch list as another process over the same store has it, with nothing cached. */
const elsewhere = <A, E, R>(use: (watchList: WatchList.Service) => Effect.Effect<A, E, R>) =>
  Effect.provide(Effect.flatMap(WatchList.WatchList, use), Layer.fresh(ofProcess))

const look = (scope?: WatchList.Scope) =>
  Effect.map(elsewhere((watchList) => watchList.changes(scope)), (look) => ({
    ...look,
    said: look.changes.map(WatchList.describe)
  }))

layer(stack, { excludeTestServices: true })("the watch list against the sandbox", (it) => {
  it.effect("tells once what changed since the last look, in any process", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      const habu = yield* HabuClient.HabuClient
      const { cleanRoom } = yield* HabuDirectory.HabuDirectory
      const watchList = yield* WatchList.WatchList
      const holiday = yield* cleanRoom("Holiday Planning")
      const path = { cleanroomId: holiday.id }
      const [invitation] = yield* habu.listPartnerInvitationsForInviter({ path })
      const id = invitation?.id ?? ""
      yield* watchList.watch({ kind: "clean_room", id: holiday.id, name: "Holiday Planning" })
      yield* watchList.watch(
        { kind: "invitation", id, name: "noah.kim@fizzwell.example", cleanRoomId: holiday.id },
        "PENDING"
      )
      assert.deepStrictEqual(yield* look(), { watched: 2, changes: [], unseen: [], said: [] })
      yield* sandbox.partner.accept("noah.kim@fizzwell.example")
      const [one, other] = yield* Effect.all([look(), look()], { concurrency: "unbounded" })
      const said = [...new Set([...one.said, ...other.said])].sort()
      assert.deepStrictEqual(said, [
        "The clean room \"Holiday Planning\" has a new partner Fizzwell Beverages: joined.",
        "The invitation \"noah.kim@fizzwell.example\": status went from PENDING to ACCEPTED."
      ])
      assert.deepStrictEqual((yield* look()).said, [])
      assert.isTrue(yield* watchList.unwatch({ kind: "invitation", id }))
      assert.isFalse(yield* watchList.unwatch({ kind: "invitation", id }))
      assert.deepStrictEqual((yield* watchList.watched()).map(({ kind }) => kind), ["clean_room"])
    }))

  it.effect("notices what others' reads show, asks Habu nothing for it, and still tells it", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      const watchList = yield* WatchList.WatchList
      const [connection] = sandbox.world.dataConnections.all()
      const kinds = ["data_connection" as const]
      yield* watchList.watch({ kind: "data_connection", id: connection?.id ?? "", name: "Shop" })
      yield* watchList.changes({ kinds })
      const noticing = elsewhere((own) =>
        Effect.gen(function*() {
          const habu = yield* HabuClient.HabuClient
          const sent = Effect.map(sandbox.requests, ({ length }) => length)
          const unread = yield* own.noticed
          yield* habu.getAllDataConnections({})
          const before = yield* sent
          const noticed = yield* own.noticed
          assert.strictEqual(yield* sent, before)
          assert.deepStrictEqual(yield* own.noticed, [])
          return [...unread, ...noticed].map(WatchList.describe)
        })
      )
      assert.deepStrictEqual(yield* noticing, [])
      sandbox.world.dataConnections.remove(connection?.id ?? "")
      const said = ["The data connection \"Shop\" is there no more."]
      assert.deepStrictEqual(yield* noticing, said)
      assert.deepStrictEqual(yield* noticing, [])
      const told = yield* look({ kinds })
      assert.deepStrictEqual(told.said, said)
    }))

  it.effect("follows a run no oftener than Habu allows, tells how it ended and drops it", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      const habu = yield* HabuClient.HabuClient
      const { question } = yield* HabuDirectory.HabuDirectory
      const watchList = yield* WatchList.WatchList
      const placed = yield* question(Seed.hero)
      const run = yield* habu.createCleanroomQuestionRun({
        path: { cleanroomQuestionId: placed.question.id },
        payload: { name: "watched", parameters: {} }
      })
      const kinds = ["run" as const]
      yield* watchList.watch({ kind: "run", id: run.id ?? "", name: run.name ?? "" }, run.status)
      const polls = Effect.map(sandbox.requests, (all) =>
        all.filter(({ operation }) => operation === "getCleanroomQuestionRunById").length)
      yield* Effect.all([look({ kinds }), look({ kinds }), look({ kinds })], { concurrency: "unbounded" })
      assert.strictEqual(yield* polls, 1)
      yield* sandbox.clock.advance("2 hours")
      yield* Effect.sleep("1.1 seconds")
      const { said } = yield* look({ kinds })
      assert.lengthOf(said, 1)
      assert.match(said[0] ?? "", /^The run "watched": status went from (QUEUED|RUNNING) to COMPLETED\.$/)
      assert.strictEqual(yield* polls, 2)
      assert.deepStrictEqual(yield* watchList.watched({ kinds }), [])
    }))

  it.effect("says what Habu does not show, and takes silence for no change", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      const habu = yield* HabuClient.HabuClient
      const watchList = yield* WatchList.WatchList
      const [connection] = yield* habu.getAllDataConnections({})
      const thing = { kind: "data_connection" as const, id: connection?.id ?? "", name: connection?.name ?? "" }
      const kinds = ["data_connection" as const]
      yield* watchList.watch(thing)
      yield* look({ kinds })
      yield* sandbox.faults.add({ kind: "status", status: 403, operation: "getAllDataConnections" })
      const denied = yield* look({ kinds })
      assert.deepStrictEqual([denied.changes, denied.unseen.map(({ error }) => error._tag)], [[], ["Forbidden"]])
      yield* sandbox.faults.clear
      sandbox.world.dataConnections.remove(thing.id)
      assert.deepStrictEqual((yield* look({ kinds })).said, [
        `The data connection ${JSON.stringify(thing.name)} is there no more.`
      ])
      assert.deepStrictEqual(yield* watchList.watched({ kinds }), [])
    }))
})
