// Starts of one question under keys of their own, asked of the built command and looked for in the sandbox.
import * as Effect from "effect/Effect"
import type * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Host from "./host.js"

export const question = "Campaign reach and sales overlap"

export const parameters = { "exposures.date_start": "2026-09-01", "exposures.date_end": "2026-10-31" }

export const operation = "createCleanroomQuestionRun"

// The run bears the key as its name, so that the sandbox can be asked what became of it.
export const ask = (host: Host.Host, key: string) =>
  host.call("execute_question_workflow", { question, parameters, run_name: key, idempotency_key: key, wait_seconds: 0 })

// The run that an answer tells of.
export const runOf = ({ structured }: Host.Reply) => (structured?.["run"] as { readonly id: string } | undefined)?.id

export const runsOf = (sandbox: Sandbox.Service, key: string) =>
  sandbox.world.runs.where(({ name }) => name.startsWith(`${key} #`)).map(({ id }) => id)

export interface Settled {
  readonly key: string
  readonly run: string | undefined
  readonly runs: ReadonlyArray<string>
  // Answers that nothing had been started, given while the sandbox had a run.
  readonly untruths: ReadonlyArray<string>
}

// Asks for a key until it has a run: an answer in doubt is asked again later, one that came to nothing anew.
export const settle = (sandbox: Sandbox.Service, host: Host.Host, key: string): Effect.Effect<Settled> => {
  const again = (untruths: ReadonlyArray<string>, left: number): Effect.Effect<Settled> =>
    Effect.gen(function*() {
      const reply = yield* ask(host, key)
      const run = runOf(reply)
      const runs = runsOf(sandbox, key)
      if (run !== undefined || left === 0) return { key, run, runs, untruths }
      const isAbsent = reply.structured?.["status"] === "failed"
      const more = isAbsent && runs.length > 0 ? [...untruths, reply.text] : untruths
      yield* Effect.sleep("1 second")
      return yield* again(more, left - 1)
    })
  return again([], 90)
}
