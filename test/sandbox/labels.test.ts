import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { FieldConfiguration } from "../../src/habu/api/DataConnections.js"
import { start } from "./harness.js"

const summer = "Fizzwell Summer Campaign"

/** What became of a run over our CRM data, with fields labelled as a test says. */
const outcomeOf = (labels: { readonly [field: string]: boolean }, definition: object) =>
  Effect.gen(function*() {
    const { call, cleanRoomId, get, sandbox } = yield* start()
    const room = yield* cleanRoomId(summer)
    const read = (path: string) => Effect.map(get(path), ({ json }) => json)
    const datasets: ReadonlyArray<{ id: string; name: string; dataConnectionId: string }> = yield* read(
      `/cleanrooms/${room}/datasets`
    )
    const crm = datasets.find(({ name }) => name === "Alder & Pine CRM")
    const fields = `/data-connections/${crm?.dataConnectionId ?? ""}/field-configurations`
    const before: ReadonlyArray<FieldConfiguration> = yield* read(fields)
    yield* call(
      "POST",
      fields,
      before.map((field) => ({ ...field, isPii: labels[field.fieldName ?? ""] ?? field.isPii }))
    )
    const { json: made } = yield* call("POST", `/question?cleanRoomID=${room}`, {
      questionDetails: {
        title: "Labelled",
        category: "Test",
        dataTypes: [{ macro: "crm", importDataType: "CRM" }],
        ...definition
      }
    })
    const { id } = yield* read(`/cleanrooms/${room}/questions/${made.questionID}`)
    yield* call("POST", `/cleanroom-questions/${id}/datasets`, [{ macro: "crm", datasetId: crm?.id }])
    const { json: run } = yield* call("POST", `/cleanroom-questions/${id}/create-run`, { name: "run", parameters: {} })
    yield* sandbox.clock.advance("31 minutes")
    return yield* read(`/cleanroom-question-runs/${run.id}`)
  })

const query = (sql: string) => ({ queryDetails: [{ cleanRoomType: "Hybrid", query: sql }] })

const ages = query("SELECT @crm.@age_band AS age, count(*) AS people FROM @crm GROUP BY 1")
const addresses = query("SELECT @crm.@email AS contact FROM @crm")

describe("personal data", () => {
  it.scoped("is what the owner of the data labelled as such", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* outcomeOf({}, ages)).status, "COMPLETED")
      const labelled = yield* outcomeOf({ age_band: true }, ages)
      assert.strictEqual(labelled.status, "FAILED")
      assert.include(labelled.runMessage, "@crm.age_band")
      assert.strictEqual((yield* outcomeOf({ email: false }, addresses)).status, "COMPLETED")
    }))

  it.scoped("may leave in a user list, which is there to hand people on", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* outcomeOf({}, addresses)).status, "FAILED")
      assert.strictEqual((yield* outcomeOf({}, { ...addresses, isUserListQuestion: true })).status, "COMPLETED")
    }))
})
