/**
 * What all workflows share: how an answer looks, and what can be wrong with an input.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { HabuError, ReferenceError } from "../habu/HabuError.js"
import type { ResultsFailed } from "../results/ResultsError.js"

/**
 * How a call ended.
 *
 * - `done`: Habu confirmed everything. `partial`: some of it, the answer says which.
 * - `running`: under way at Habu. `unknown`: nobody can tell yet.
 * - `needs_input`, `needs_confirmation`: nothing was done; the answer says what to give.
 * - `denied`: Habu does not allow it. `failed`: it was tried and did not work.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Status = Schema.Literal(
  "done",
  "partial",
  "running",
  "needs_input",
  "needs_confirmation",
  "denied",
  "failed",
  "unknown"
)

export type Status = typeof Status.Type

/**
 * A field that is left out where there is nothing to say.
 *
 * @since 0.1.0
 * @category fields
 */
export const maybe = <A, I, R>(schema: Schema.Schema<A, I, R>) => Schema.optionalWith(schema, { exact: true })

/**
 * A whole number between two bounds, for an input.
 *
 * @since 0.1.0
 * @category fields
 */
export const whole = (minimum: number, maximum: number, description: string) =>
  Schema.Number.pipe(
    Schema.filter((value) => Number.isInteger(value) && value >= minimum && value <= maximum, {
      description,
      jsonSchema: { type: "integer", minimum, maximum, description }
    })
  )

/**
 * A value of a parameter.
 *
 * @since 0.1.0
 * @category fields
 */
export const Value = Schema.Union(Schema.String, Schema.Number, Schema.Boolean).annotations({
  jsonSchema: { type: ["string", "number", "boolean"] }
})

/**
 * A struct whose fields its list's description names: spelt out, they would cost every conversation more than they tell.
 *
 * @since 0.1.0
 * @category fields
 */
export const brief = <A, I, R>(schema: Schema.Schema<A, I, R>): Schema.Schema<A, I, R> =>
  schema.annotations({ jsonSchema: { type: "object" } })

/**
 * A call that carries on from here, ready to be made.
 *
 * @since 0.1.0
 * @category schemas
 */
export const NextStep = Schema.Struct({
  tool: Schema.String,
  arguments: Schema.Record({ key: Schema.String, value: Schema.Unknown }),
  why: Schema.String,
  after_seconds: maybe(Schema.Number)
})

export interface NextStep extends Schema.Schema.Type<typeof NextStep> {}

/**
 * The fields that every workflow's answer begins with.
 *
 * @since 0.1.0
 * @category fields
 */
export const answerFields = {
  status: Status.annotations({ description: "How the call ended" }),
  summary: Schema.String.annotations({ description: "The outcome in a sentence or two, for a person" })
}

/**
 * The fields that every workflow's answer ends with.
 *
 * @since 0.1.0
 * @category fields
 */
export const closingFields = {
  warnings: maybe(Schema.Array(Schema.String)),
  next_steps: maybe(Schema.Array(NextStep))
}

/**
 * What goes with an answer and is no text: a picture to look at, or a file that was written.
 *
 * @since 0.1.0
 * @category models
 */
export type Attachment =
  | { readonly _tag: "Image"; readonly mimeType: string; readonly bytes: Uint8Array }
  | {
    readonly _tag: "File"
    readonly uri: string
    readonly name: string
    readonly mimeType: string
    readonly size: number
  }

/**
 * An answer that may have attachments.
 *
 * @since 0.1.0
 * @category models
 */
export interface WithAttachments {
  readonly attachments?: ReadonlyArray<Attachment>
}

/**
 * What a caller gave cannot be used; nothing was sent.
 *
 * @since 0.1.0
 * @category errors
 */
export class InputInvalid extends Schema.TaggedError<InputInvalid>()("InputInvalid", {
  field: Schema.String,
  problem: Schema.String,
  options: maybe(Schema.Array(Schema.String)),
  advice: Schema.String
}) {
  get code() {
    return "INPUT_INVALID"
  }
  get category() {
    return "input" as const
  }
  get retryable() {
    return false
  }
  override get message() {
    return `${this.field} ${this.problem}.${
      this.options === undefined || this.options.length === 0 ? "" : ` Possible: ${this.options.join(", ")}.`
    }`
  }
}

/**
 * Everything a workflow can fail with.
 *
 * @since 0.1.0
 * @category errors
 */
export type WorkflowError = HabuError | ReferenceError | InputInvalid | ResultsFailed

/**
 * A business workflow: a flat input, an answer, one effect.
 *
 * @since 0.1.0
 * @category models
 */
export interface Workflow<Input, InputJson, Output, OutputJson, R> {
  readonly Input: Schema.Schema<Input, InputJson>
  readonly Output: Schema.Schema<Output, OutputJson>
  readonly run: (input: Input) => Effect.Effect<Output, WorkflowError, R>
}

/**
 * Leaves out the fields that hold nothing: undefined and empty lists.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compact = <A extends object>(
  fields: A
):
  & {
    readonly [K in keyof A as undefined extends A[K] ? never : K]: A[K]
  }
  & { readonly [K in keyof A as undefined extends A[K] ? K : never]?: Exclude<A[K], undefined> } =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
  ) as never
