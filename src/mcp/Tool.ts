/**
 * A tool: a workflow, and how a model is told of it. Knows no SDK.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { WithAttachments, WorkflowError } from "../workflows/Workflow.js"
import * as Arguments from "./Arguments.js"
import type { Toolset } from "./Toolset.js"

/**
 * MCP's four hints; a host asks its user for approval where one is missing.
 *
 * @since 0.1.0
 * @category models
 */
export interface Hints {
  readonly readOnlyHint: boolean
  readonly destructiveHint: boolean
  readonly idempotentHint: boolean
  readonly openWorldHint: boolean
}

/**
 * A tool's answer, ready for JSON.
 *
 * @since 0.1.0
 * @category models
 */
export interface Answer extends WithAttachments {
  readonly summary: string
  readonly [field: string]: unknown
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Tool<R> {
  readonly name: string
  readonly toolset: Toolset
  readonly title: string
  readonly description: string
  /** What people call this that stands neither in the name nor in the description: single words, for hosts that search. */
  readonly keywords: string
  readonly hints: Hints
  /** Writes nothing but files, which it refuses under `--read-only`: then it only looks. */
  readonly writesOnlyFiles?: boolean
  readonly Input: Schema.Schema.AnyNoContext
  readonly Output: Schema.Schema.AnyNoContext
  /** Decodes the arguments and runs the workflow. */
  readonly call: (given: unknown) => Effect.Effect<Answer, WorkflowError, R>
}

/**
 * Makes a tool of a workflow.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <Input, InputJson, Output extends { readonly summary: string }, OutputJson, R>(options: {
  readonly name: string
  readonly toolset: Toolset
  readonly title: string
  readonly description: string
  readonly keywords: string
  readonly hints: Hints
  readonly writesOnlyFiles?: boolean
  readonly workflow: {
    readonly Input: Schema.Schema<Input, InputJson>
    readonly Output: Schema.Schema<Output, OutputJson>
    readonly run: (input: Input) => Effect.Effect<Output & WithAttachments, WorkflowError, R>
  }
}): Tool<R> => {
  const { workflow, ...about } = options
  const decode = Arguments.decoder(workflow.Input)
  return {
    ...about,
    Input: workflow.Input,
    Output: workflow.Output,
    call: (given) =>
      Effect.map(Effect.flatMap(decode(given), workflow.run), ({ attachments, ...output }): Answer => ({
        ...output,
        ...(attachments !== undefined && { attachments })
      }))
  }
}

/**
 * Only looks.
 *
 * @since 0.1.0
 * @category constants
 */
export const reads: Hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true }

/**
 * Only looks, but for files that it writes into the export folder, a new one with every call.
 *
 * @since 0.1.0
 * @category constants
 */
export const readsIntoFiles: Hints = { ...reads, readOnlyHint: false, idempotentHint: false }

/**
 * Makes something new, but the same call again does not make it twice.
 *
 * @since 0.1.0
 * @category constants
 */
export const creates: Hints = { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true }

/**
 * Changes or removes what is there; the same call again changes nothing more.
 *
 * @since 0.1.0
 * @category constants
 */
export const changes: Hints = { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true }
