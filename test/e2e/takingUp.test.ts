import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Host from "./host.js"

const speed = 1800
// Five of Habu's minutes.
const interval = 300_000 / speed
const dates = { "exposures.date_start": "2026-09-01", "exposures.date_end": "2026-10-31" }

it.live(
  "a run is followed to its end by the copies of the command that come after the one that started it",
  () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.make({ speed })
      const settings = Host.settingsFor(sandbox, yield* Host.folder)
      const scope = yield* Scope.make()
      const first = yield* Scope.extend(Host.start([], settings), scope)
      const started = yield* first.call("execute_question_workflow", {
        question: "Campaign reach and sales overlap",
        parameters: dates,
        wait_seconds: 0
      })
      expect(started.structured).toMatchObject({ status: "running" })
      process.kill(first.pid, "SIGKILL")
      yield* Scope.close(scope, Exit.void)
      const copies = yield* Effect.all([Host.start([], settings), Host.start([], settings)], { concurrency: 2 })
      // Any call makes them load; none asks for the run.
      yield* Effect.forEach(copies, (copy) => copy.call("health_check"), { concurrency: 2 })
      const phase = Effect.map(
        copies[0].call("execute_question_workflow", { since: "2026-01-01" }),
        ({ structured = {} }) => (structured["runs"] as ReadonlyArray<{ readonly phase: string }>)[0]?.phase
      )
      yield* Effect.repeat(Effect.delay(phase, "200 millis"), { until: (one) => one === "completed" })
      yield* Effect.sleep(4 * interval)
      const polls = yield* Host.sent(sandbox, "getCleanroomQuestionRunById")
      expect(polls.length).toBeGreaterThan(0)
      const times = polls.map(({ time }) => Date.parse(time))
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
      expect(Math.min(...gaps, Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual(300_000 * 0.95)
      expect(yield* Host.sent(sandbox, "createCleanroomQuestionRun")).toHaveLength(1)
    }).pipe(Effect.scoped),
  60_000
)
