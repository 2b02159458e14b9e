/**
 * Where the world's questions get their answers: SQL over the warehouse, run once for each run.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Once from "./Once.js"
import * as QuestionExecution from "./QuestionExecution.js"
import * as SandboxClock from "./SandboxClock.js"
import type { Warehouse } from "./Warehouse.js"
import * as Wording from "./Wording.js"

/**
 * Why a run failed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Failure {
  readonly failureReason: string
  readonly runMessage: string
  readonly isRetryable: boolean
}

/**
 * How a run ended.
 *
 * @since 0.1.0
 * @category models
 */
export type Ending =
  | { readonly _tag: "Completed"; readonly output: QuestionExecution.Output }
  | { readonly _tag: "Failed"; readonly failure: Failure }

/**
 * How a run will have ended. The query runs when `ending` is first wanted. `known` is there where the status need not
 * wait for that: in history.
 *
 * @since 0.1.0
 * @category models
 */
export interface Outcome {
  readonly known: "Completed" | "Failed" | undefined
  readonly input: QuestionExecution.Input | undefined
  readonly ending: Effect.Effect<Ending>
}

/**
 * Runs questions. `at` is the moment that the query takes for now.
 *
 * @since 0.1.0
 * @category models
 */
export interface Engine {
  readonly outcome: (input: QuestionExecution.Input, at: number, known?: "Completed") => Effect.Effect<Outcome>
  readonly explain: (input: QuestionExecution.Input, at: number) => Effect.Effect<string, Failure>
  readonly columns: (
    input: QuestionExecution.Input,
    at: number
  ) => Effect.Effect<ReadonlyArray<QuestionExecution.TracedColumn>, Failure>
}

const failed = (failure: Failure): Ending => ({
  _tag: "Failed",
  failure: {
    failureReason: failure.failureReason,
    runMessage: failure.runMessage,
    isRetryable: failure.isRetryable
  }
})

/**
 * The outcome of a run that cannot even begin.
 *
 * @since 0.1.0
 * @category constructors
 */
export const hopeless = (failure: Failure): Outcome => ({
  known: "Failed",
  input: undefined,
  ending: Effect.succeed(failed(failure))
})

/**
 * Makes the engine over the warehouse at hand; the seed chooses the words for what fails.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (seed: number) =>
  Effect.map(Effect.context<Warehouse>(), (context): Engine => {
    const inside = <A, E>(effect: Effect.Effect<A, E, Warehouse>, at: number) =>
      Effect.flatMap(
        SandboxClock.standing(at),
        (clock) => effect.pipe(Effect.provide(context), Effect.withClock(clock), Effect.uninterruptible)
      )
    return {
      outcome: (input, at, known) =>
        Effect.map(
          Once.make(
            Effect.match(inside(QuestionExecution.execute(input), at), {
              onFailure: (failure) => failed(Wording.vary(seed, failure)),
              onSuccess: (output): Ending => ({ _tag: "Completed", output })
            })
          ),
          (ending) => ({ known, input, ending })
        ),
      explain: (input, at) => inside(QuestionExecution.explain(input), at),
      columns: (input, at) => inside(QuestionExecution.columns(input), at)
    }
  })
