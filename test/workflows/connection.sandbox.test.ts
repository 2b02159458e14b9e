import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Memory from "../../src/state/Memory.js"
import * as TestConnection from "../../src/workflows/TestConnection.js"

const connect = Effect.flatMap(TestConnection.run({}), Schema.encode(TestConnection.Output))

type Answer = Effect.Effect.Success<typeof connect>

const outcomes = (access: Answer["access"]) => access.map(({ outcome, part }) => `${part} ${outcome}`)

const said = (answer: Answer, source: string) =>
  answer.organization.evidence?.find((evidence) => evidence.source === source)?.says

const config = Layer.unwrapEffect(Effect.map(
  Sandbox.Sandbox,
  ({ clientId, clientSecret, clock, url }) =>
    HabuConfig.layer({
      apiUrl: url,
      clientId,
      clientSecret,
      sandboxSpeed: clock.speed,
      organization: " alder & pine RETAIL "
    })
))
const stack = HabuClient.layerDefault().pipe(
  Layer.provideMerge(config),
  Layer.provideMerge(Layer.merge(Memory.layer, FetchHttpClient.layer)),
  Layer.provideMerge(Sandbox.layer({ rows: 500 }))
)

layer(stack, { excludeTestServices: true })("test_connection against the sandbox", (it) => {
  it.effect("signs in and says whose key it is, what it may do, and what it may not", () =>
    Effect.gen(function*() {
      const { clientId, world } = yield* Sandbox.Sandbox
      const answer = yield* connect
      assert.strictEqual(answer.organization.name, "Alder & Pine Retail")
      assert.strictEqual(answer.organization.id, world.organizationId)
      assert.deepStrictEqual(answer.organization.api_user, {
        name: `API User ${clientId}`,
        email: `api-user-${clientId.toLowerCase()}@habu.com`,
        role: "API Administrator"
      })
      assert.strictEqual(
        said(answer, "HABU_ORGANIZATION"),
        "alder & pine RETAIL agrees with what Habu shows"
      )
      assert.strictEqual(said(answer, "owners of the clean rooms"), "Alder & Pine Retail (6), Lumen Street Media (1)")
      assert.lengthOf(answer.token.scopes ?? [], 25)
      assert.match(answer.token.expires_at ?? "", /^\d{4}-.*Z$/)
      assert.strictEqual(answer.clean_room_count, 7)
      assert.includeMembers(outcomes(answer.access), [
        "clean rooms answered",
        "users answered",
        "data connections answered"
      ])
    }))

  it.effect("tries five clean rooms and tells the denied part with the one who can change it", () =>
    Effect.gen(function*() {
      const answer = yield* connect
      assert.strictEqual(answer.status, "partial")
      assert.lengthOf(answer.clean_rooms ?? [], 5)
      const kestrel = answer.clean_rooms?.find(({ clean_room }) => clean_room.name === "Kestrel Reporting")
      assert.includeMembers(outcomes(kestrel?.access ?? []), [
        "partners denied",
        "users answered",
        "datasets answered",
        "invitations answered",
        "questions answered"
      ])
      const partners = kestrel?.access.find(({ part }) => part === "partners")
      assert.match(partners?.reason ?? "", /does not allow the API user/)
      assert.include(partners?.advice, "maren.holt@alderpine.example")
      assert.match(answer.summary, /7 clean rooms, 5 tried\. Denied in places: partners\./)
      assert.match(answer.warnings?.join(" ") ?? "", /no fault of the connection/)
    }))

  it.effect("is small", () =>
    Effect.gen(function*() {
      const tokens = JSON.stringify(yield* connect).length / 4
      yield* Effect.logInfo(`test_connection: ${Math.round(tokens)} tokens`)
      assert.isBelow(tokens, 2_500)
    }))
})
