/**
 * What a caller has to say before a data connection can be made, with what may be said.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import * as Schema from "effect/Schema"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * What may be given. `used_before` are values that the organisation's other data connections have.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Options = Schema.Struct({
  sources: Workflow.maybe(Schema.Array(Schema.Struct({
    name: Schema.String,
    shown_as: Workflow.maybe(Schema.String),
    credential: Workflow.maybe(Schema.String),
    in_use: Workflow.maybe(Schema.Number)
  }))),
  data_types: Workflow.maybe(Schema.Array(Schema.String)),
  parameters: Workflow.maybe(Schema.Array(Schema.Struct({
    name: Schema.String,
    type: Workflow.maybe(Schema.String),
    secret: Workflow.maybe(Schema.Boolean),
    used_before: Workflow.maybe(Schema.Array(Schema.String))
  }))),
  credentials: Workflow.maybe(Schema.Array(Words.Reference)),
  credential_keys: Workflow.maybe(Schema.Array(Schema.String))
})

export interface Options extends Schema.Schema.Type<typeof Options> {}

/**
 * Ends a workflow with a question to its caller. Nothing was sent.
 *
 * @since 0.1.0
 * @category errors
 */
export class NeedsInput extends Data.TaggedError("NeedsInput")<{
  readonly summary: string
  readonly options: Options
  readonly nextSteps?: ReadonlyArray<Workflow.NextStep>
}> {}
