/**
 * What a host gets: the same facts as text and as structured content, since some forward only one of the two. An error
 * is text alone.
 *
 * @since 0.1.0
 */
import * as Encoding from "effect/Encoding"
import * as Text from "../habu/Text.js"
import type { Attachment, WorkflowError } from "../workflows/Workflow.js"
import type { Answer } from "./Tool.js"

/**
 * A piece of what a host shows.
 *
 * @since 0.1.0
 * @category models
 */
export type Content =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly data: string; readonly mimeType: string }
  | {
    readonly type: "resource_link"
    readonly uri: string
    readonly name: string
    readonly mimeType: string
    readonly size: number
  }

/**
 * What went wrong, as facts.
 *
 * @since 0.1.0
 * @category models
 */
export interface Failure {
  readonly code: string
  readonly category: string
  readonly retryable: boolean
  readonly message: string
  readonly advice: string
  readonly [fact: string]: unknown
}

/**
 * A result of `tools/call`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Result {
  readonly content: ReadonlyArray<Content>
  readonly structuredContent?: { readonly [field: string]: unknown }
  readonly isError?: boolean
  /** What went wrong, for a program that is no host; it does not go over the protocol. */
  readonly failure?: Failure
}

/**
 * What every answer says while the data is not real.
 *
 * @since 0.1.0
 * @category constants
 */
export const sandboxNotice = "sandbox, synthetic data"

const text = (value: string) => [{ type: "text" as const, text: value }]

const marked = (sandbox: boolean) => sandbox ? { environment: sandboxNotice } : {}

const attached = (attachment: Attachment): Content => {
  switch (attachment._tag) {
    case "Image":
      return { type: "image", data: Encoding.encodeBase64(attachment.bytes), mimeType: attachment.mimeType }
    case "File": {
      const { mimeType, name, size, uri } = attachment
      return { type: "resource_link", uri, name, mimeType, size }
    }
  }
}

/**
 * Shows a workflow's answer, and after it what is attached.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromAnswer = (answer: Answer, sandbox: boolean): Result => {
  const { attachments = [], summary, ...facts } = answer
  return {
    content: [
      ...text(`${summary}\n\n${JSON.stringify({ ...facts, ...marked(sandbox) })}`),
      ...attachments.map(attached)
    ],
    structuredContent: { summary, ...facts, ...marked(sandbox) }
  }
}

/**
 * Shows a failure: what was wrong, what to do next, and the facts a program may act on.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromFailure = (failure: Failure): Result => {
  const { advice, message, ...facts } = failure
  return { isError: true, content: text(`${message}\n${advice}\n\n${JSON.stringify(facts)}`), failure }
}

const factsOf = (error: WorkflowError) => ({
  code: error.code,
  category: error.category,
  retryable: error.retryable,
  ...("field" in error && { field: error.field }),
  ...("setting" in error && { setting: error.setting }),
  ...("options" in error && error.options !== undefined && error.options.length > 0 && { options: error.options }),
  ...("retryAt" in error && error.retryAt !== undefined && { retry_at: new Date(error.retryAt).toISOString() }),
  ...("operation" in error && { operation: error.operation }),
  ...("requestId" in error && error.requestId !== undefined && { request_id: error.requestId })
})

/**
 * The facts of a typed failure.
 *
 * @since 0.1.0
 * @category getters
 */
export const failureOf = (error: WorkflowError, sandbox: boolean): Failure => ({
  ...factsOf(error),
  ...marked(sandbox),
  message: error.message,
  advice: error.advice
})

/**
 * The facts of a fault of ours, met while doing something.
 *
 * @since 0.1.0
 * @category getters
 */
export const defectOf = (doing: string, sandbox: boolean): Failure => ({
  code: "INTERNAL_FAULT",
  category: "internal",
  retryable: false,
  ...marked(sandbox),
  message: `${doing} failed because of a fault in habu-mcp itself.`,
  advice:
    "The log on stderr tells more; please report it. What was already sent to Habu was carried out or not: look " +
    "before you repeat a write."
})

/**
 * Shows a typed failure.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromError = (error: WorkflowError, sandbox: boolean): Result => fromFailure(failureOf(error, sandbox))

/**
 * Shows a fault of ours; the details are in the log.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromDefect = (tool: string, sandbox: boolean): Result => fromFailure(defectOf(tool, sandbox))

/**
 * Shows that there is no such tool.
 *
 * @since 0.1.0
 * @category constructors
 */
export const unknownTool = (name: string, names: ReadonlyArray<string>): Result =>
  fromFailure({
    code: "TOOL_UNKNOWN",
    category: "input",
    retryable: false,
    message: `There is no tool ${JSON.stringify(Text.clean(name, 80))}.`,
    advice: `Use one of: ${names.join(", ")}.`
  })
