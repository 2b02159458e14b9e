/**
 * The walk through executions, billing and health.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { at, change, id, room, type Sent, type Table, type Walk } from "./Walk.js"

const success = (json: unknown) => assert.deepStrictEqual(json, { success: true })

const summer = room("summer")

const partition = (macro: string) => ({
  macro,
  datasetId: id(`dataset/summer/${macro}`),
  partitionValues: [{ name: "date_start", value: "2025-12-01" }, { name: "date_end", value: "2026-02-28" }]
})

const instance = (walk: Walk): Sent => ({
  ...summer,
  body: {
    executionInstanceName: "Spring measurement",
    cleanRoomExecutionTemplateId: walk.world.executionTemplates.all()[0]?.id ?? "",
    datasets: [partition("exposures"), partition("conversions")],
    runtimeParameters: [{ name: "click_attribution_window", value: "14" }]
  }
})

const started = (walk: Walk) =>
  Effect.map(
    walk.answer("createCleanRoomExecutionTemplateInstance", instance(walk)),
    (made): Sent => ({
      path: { ...summer.path, cleanRoomMeasurementExecutionInstanceId: made.cleanRoomExecutionInstanceId }
    })
  )

const past = (walk: Walk): Sent => ({
  path: { ...summer.path, cleanRoomMeasurementExecutionInstanceId: walk.world.executions.all()[0]?.id ?? "" }
})

export const executions: Table = {
  createCleanRoomExecutionTemplateInstance: {
    sent: instance,
    shows: (made, walk) =>
      Effect.gen(function*() {
        assert.isTrue(made.success)
        const path = { ...summer.path, cleanRoomMeasurementExecutionInstanceId: made.cleanRoomExecutionInstanceId }
        const read = walk.answer("getCleanRoomMeasurementExecutionInstance", { path })
        assert.deepInclude(yield* read, { name: "Spring measurement", status: "QUEUED" })
        yield* walk.clock.advance("31 minutes")
        assert.strictEqual((yield* read).status, "COMPLETED")
      }),
    refuses: {
      400: [change({ cleanRoomExecutionTemplateId: "" }), change({ modelsToRun: ["lift"] })],
      403: at(room("spring")),
      404: change({ cleanRoomExecutionTemplateId: id("nothing") })
    }
  },
  getCleanRoomMeasurementExecutionInstance: {
    sent: past,
    shows: (read) => assert.strictEqual(read.status, "FAILED"),
    refuses: { 404: at(room("holiday")) }
  },
  cancelCleanRoomMeasurementExecutionInstance: {
    sent: started,
    shows: (answer, walk, sent) =>
      Effect.map(walk.answer("getCleanRoomMeasurementExecutionInstance", sent), ({ status }) => {
        success(answer)
        assert.strictEqual(status, "CANCELLED")
      }),
    refuses: { 400: (_, walk) => past(walk) }
  }
}

const config = (sourceType: string, sourceId: string) => ({
  config: { sourceType, sourceId, value: "false" }
})

const source = (sent: Sent): Sent => {
  const { sourceId, sourceType } = Object(sent.body).config
  return { query: { sourceId, sourceType } }
}

const own = config("BILLABLE_CR", id("cleanRoom/summer"))

/** A configuration that lies in another's clean room. */
const others = config("BILLABLE_CR", id("cleanRoom/marketplace"))

export const billing: Table = {
  upsertBillableConfig: {
    sent: { body: own },
    shows: (answer, walk, sent) =>
      Effect.map(walk.answer("getBillableConfig", source(sent)), (read) => {
        assert.isTrue(answer.success)
        assert.deepStrictEqual(read, { config: { id: answer.billableConfigId, ...own.config } })
      }),
    refuses: {
      400: [
        change(config("BILLABLE_UNKNOWN", id("cleanRoom/summer"))),
        change({ config: { ...own.config, value: "no" } })
      ],
      403: change(others),
      404: [
        change(config("BILLABLE_CR", id("cleanRoom/foreign"))),
        change({ config: { ...own.config, id: id("nothing") } })
      ]
    }
  },
  getBillableConfig: {
    sent: { query: { sourceType: "BILLABLE_CR", sourceId: id("cleanRoom/holiday") } },
    shows: (read) => assert.strictEqual(read.config.value, "false"),
    refuses: { 404: (sent) => ({ ...sent, query: { ...sent.query, sourceId: id("cleanRoom/foreign") } }) }
  },
  deleteBillableConfig: {
    sent: (walk) =>
      Effect.map(walk.answer("upsertBillableConfig", { body: own }), ({ billableConfigId }) => ({
        path: { billableConfigId },
        body: own
      })),
    shows: (answer, walk, sent) =>
      Effect.map(walk.answer("getBillableConfig", source(sent)), (read) => {
        success(answer)
        assert.deepStrictEqual(read, {})
      }),
    refuses: {
      403: (_, walk) => {
        walk.world.billableConfigs.put({ id: "theirs", compositeSourceId: undefined, ...others.config, value: "false" })
        return { path: { billableConfigId: "theirs" } }
      }
    }
  }
}

export const health: Table = {
  getHealth: { sent: {}, shows: (json) => assert.deepInclude(json, { status: "UP", statusCode: 200 }) }
}
