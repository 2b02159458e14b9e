import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Run from "../../src/runs/Run.js"
import * as Mock from "../../src/testing/Mock.js"
import * as RunReport from "../../src/workflows/question/RunReport.js"

it.effect("a run's times have their zone, and are cleaned as any text of Habu's", () =>
  Effect.gen(function*() {
    const run = { status: "RUNNING", submittedAt: "2026-01-02 03:04:05", executedAt: "soon\u202E\u200B\u0007" }
    const known = Run.fromHabu("run-1", run, 0)
    const sight = { known, nextPollAt: undefined, expected: undefined }
    const about = {
      question: undefined,
      questionId: undefined,
      questionType: undefined,
      cleanRoom: undefined,
      startedAt: undefined,
      reused: false
    }
    const report = yield* RunReport.make(sight, about)
    assert.include(report.run, { submitted_at: "2026-01-02T03:04:05.000Z", started_at: "soon" })
  }).pipe(Effect.provide(Mock.habuClient({}))))
