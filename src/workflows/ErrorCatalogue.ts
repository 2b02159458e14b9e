/**
 * Every error that a call can fail with, as data: made from the error classes themselves, so that documentation and
 * resources say what the program says.
 *
 * @since 0.1.0
 */
import type { OperationId } from "../habu/HabuClient.js"
import * as HabuError from "../habu/HabuError.js"
import * as Text from "../habu/Text.js"
import { ResultsFailed } from "../results/ResultsError.js"
import type { Id } from "./troubleshoot/Catalogue.js"
import type { Pointers } from "./troubleshoot/Finding.js"
import { InputInvalid, type WorkflowError } from "./Workflow.js"

/**
 * An error as a reader looks it up. `advice` is what it says with example values; `entries` are the entries of the
 * troubleshooting catalogue that it may stand for, for any operation or for a certain one.
 *
 * @since 0.1.0
 * @category models
 */
export interface Item {
  readonly code: string
  readonly name: WorkflowError["_tag"]
  readonly category: HabuError.Category
  readonly retryable: boolean
  readonly meaning: string
  readonly message: string
  readonly advice: string
  readonly entries: ReadonlyArray<Link>
}

/**
 * What an error may stand for; `operation` is the contract's, or `token`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Link {
  readonly operation?: Operation
  readonly entries: ReadonlyArray<Id>
}

type Operation = OperationId | "token"

interface Sample<E> {
  readonly error: E
  readonly meaning: string
}

const operation = "createCleanroomQuestionRun"
const retryAt = Date.UTC(2026, 0, 31, 9)

// One of each, so that a new error cannot be left out.
const samples: { readonly [Tag in WorkflowError["_tag"]]: Sample<Extract<WorkflowError, { readonly _tag: Tag }>> } = {
  ConfigurationInvalid: {
    error: new HabuError.ConfigurationInvalid({
      setting: "HABU_API_SECRET",
      problem: "is not set",
      advice: "Set it in the environment of the host that starts habu-mcp."
    }),
    meaning: "A setting is missing or cannot be right. Nothing was sent."
  },
  CredentialsRefused: {
    error: new HabuError.CredentialsRefused({ operation: "token", status: 401 }),
    meaning: "Habu gives no access token for the client id and secret."
  },
  AccessTokenRefused: {
    error: new HabuError.AccessTokenRefused({ operation }),
    meaning: "Habu refused a token that should be good, also after it was renewed."
  },
  Forbidden: {
    error: new HabuError.Forbidden({ operation }),
    meaning: "The API user may not do this here. Other parts of the same clean room may work."
  },
  NotFound: {
    error: new HabuError.NotFound({ operation }),
    meaning: "Nothing has this id, or it belongs to others: Habu does not tell which."
  },
  RequestInvalid: {
    error: new HabuError.RequestInvalid({ operation, status: 400 }),
    meaning: "Habu did not take the values of the request. Nothing was changed."
  },
  Conflict: {
    error: new HabuError.Conflict({ operation: "addCleanroomUser" }),
    meaning: "What is to be made is there already, or contradicts what is."
  },
  PreconditionFailed: {
    error: new HabuError.PreconditionFailed({ operation }),
    meaning: "Something must be so first, such as a question being READY."
  },
  RateLimited: {
    error: new HabuError.RateLimited({ operation, retryAt }),
    meaning: "Habu counts no further call of this kind for now."
  },
  BudgetExhausted: {
    error: new HabuError.BudgetExhausted({
      operation,
      budget: "question_run_start",
      limit: 20,
      windowSeconds: 3600,
      retryAt
    }),
    meaning: "Our own count of one of Habu's limits is used up, so nothing was sent."
  },
  Unavailable: {
    error: new HabuError.Unavailable({ operation, reason: "timeout", neverSent: false }),
    meaning: "Habu could not be reached, did not answer, or failed on its side."
  },
  BreakerOpen: {
    error: new HabuError.BreakerOpen({ operation, retryAt }),
    meaning: "Habu failed several times in a row, so calls are held back for a while."
  },
  PermitRefused: {
    error: new HabuError.PermitRefused({ operation }),
    meaning: "It took too long until the call could be sent, so it was not sent any more."
  },
  AnswerUnreadable: {
    error: new HabuError.AnswerUnreadable({ operation, problem: "it is not JSON" }),
    meaning: "Something answered, but not as Habu's contract says."
  },
  OutcomeUnknown: {
    error: new HabuError.OutcomeUnknown({ operation, reason: "the request was sent, and no usable answer came" }),
    meaning: "A request that makes something was sent and may or may not have been carried out."
  },
  StateUnavailable: {
    error: new HabuError.StateUnavailable({ operation, problem: "the folder cannot be written" }),
    meaning: "Tokens, budgets and runs could not be read or kept here. Nothing was sent that depends on them."
  },
  ReferenceUnknown: {
    error: new HabuError.ReferenceUnknown({ kind: "question", reference: "Reech", options: ["Reach (CRQ-000001)"] }),
    meaning: "No thing that the API user can see has this name, display id or id."
  },
  ReferenceAmbiguous: {
    error: new HabuError.ReferenceAmbiguous({
      kind: "question",
      reference: "Reach",
      options: ["Reach (CRQ-000001)", "Reach (CRQ-000002)"]
    }),
    meaning: "Several things have this name."
  },
  ResultsFailed: {
    error: new ResultsFailed({
      code: "RESULTS_FAILED",
      problem: "The results engine failed (IO): No space left on device",
      advice: "Try again. If it stays, look whether the disk of the temporary folder is full."
    }),
    meaning:
      "Results could not be kept, asked or written on this machine. With code NOT_INSTALLED an optional part of " +
      "habu-mcp is missing, with EXPORT_FOLDER_UNSET the folder for exports is not named."
  },
  InputInvalid: {
    error: new InputInvalid({
      field: "parameters.start",
      problem: "is \"soon\", which is not a date written YYYY-MM-DD",
      advice: "Correct the value."
    }),
    meaning: "An argument cannot be used. Nothing was sent."
  }
}

// Links for a certain operation come before those for any.
const links: { readonly [Tag in WorkflowError["_tag"]]?: ReadonlyArray<Link> } = {
  CredentialsRefused: [{ entries: ["T-01", "T-05"] }],
  AccessTokenRefused: [{ entries: ["T-01"] }],
  Forbidden: [
    { operation: "createCleanroomQuestionRun", entries: ["T-39"] },
    { operation: "getCleanroomQuestionRunData", entries: ["T-39"] },
    { operation: "configureCleanroomQuestionDatasets", entries: ["T-13"] },
    { operation: "assignCleanroomFlowDatasets", entries: ["T-13"] },
    { operation: "createDataExportJobs", entries: ["T-43"] },
    { operation: "createFlowNodeExportJobs", entries: ["T-43"] },
    { entries: ["T-04", "T-36"] }
  ],
  NotFound: [
    { operation: "addCleanroomUser", entries: ["T-42"] },
    { operation: "getCleanroomFlowRunReport", entries: ["T-50"] },
    { operation: "getCleanroomFlowRunNodeOutputFile", entries: ["T-50"] }
  ],
  RequestInvalid: [
    { operation: "updateCleanroomQuestionComputeCapacity", entries: ["T-35"] },
    { operation: "createDataExportJobs", entries: ["T-43"] },
    { operation: "createFlowNodeExportJobs", entries: ["T-43"] },
    { operation: "configureCleanroomQuestionDatasets", entries: ["T-13"] },
    { operation: "createCleanroomQuestionRun", entries: ["T-33"] },
    { operation: "addCleanroomUser", entries: ["T-42"] }
  ],
  Conflict: [
    { operation: "addCleanroomUser", entries: ["T-41"] },
    { operation: "createDataExportJobs", entries: ["T-43"] }
  ],
  PreconditionFailed: [
    { operation: "createCleanroomQuestionRun", entries: ["T-09", "T-10", "T-36"] },
    { operation: "createOrUpdateCleanroomFlowRun", entries: ["T-49", "T-36"] },
    { operation: "createDataExportJobs", entries: ["T-43"] },
    { entries: ["T-36", "T-09", "T-10", "T-49"] }
  ],
  RateLimited: [{ operation: "token", entries: ["T-02"] }, { entries: ["T-07"] }],
  BudgetExhausted: [{ operation: "token", entries: ["T-02"] }, { entries: ["T-07"] }],
  OutcomeUnknown: [{ operation: "createCleanroomQuestionRun", entries: ["T-08"] }],
  ReferenceUnknown: [{ entries: ["T-03"] }],
  InputInvalid: [{ operation: "createCleanroomQuestionRun", entries: ["T-33"] }]
}

const tags = Object.keys(samples) as ReadonlyArray<WorkflowError["_tag"]>

/**
 * All errors, by code.
 *
 * @since 0.1.0
 * @category constants
 */
export const all: ReadonlyArray<Item> = tags.map((name): Item => {
  const { error, meaning } = samples[name]
  const { advice, category, code, message, retryable } = error
  return { code, name, category, retryable, meaning, message, advice, entries: links[name] ?? [] }
}).sort((a, b) => a.code < b.code ? -1 : 1)

/**
 * One error by its code or its class's name, however spelled.
 *
 * @since 0.1.0
 * @category getters
 */
export const find = (text: string): Item | undefined => {
  const word = (spelled: string) => Text.folded(spelled).replace(/[^a-z]/g, "")
  return all.find(({ code, name }) => word(code) === word(text) || word(name) === word(text))
}

// The first entry that an error is linked with is the likeliest; one that it stands for whatever was called is less so.
const strengths = (entries: ReadonlyArray<Id>, most: number) =>
  entries.map((id, place): [Id, number] => [id, most - place * 0.05])

// Some operations fail in one way only, whatever the code says.
const byOperation: { readonly [id in OperationId]?: Id } = {
  updateCleanroomQuestionComputeCapacity: "T-35",
  createDataExportJobs: "T-43",
  createFlowNodeExportJobs: "T-43",
  getCleanroomQuestionRunExplainPlan: "T-52",
  getCleanroomFlowRunReport: "T-50",
  createOrUpdateCleanroomFlowRun: "T-49",
  configureCleanroomQuestionDatasets: "T-13"
}

/**
 * The entries that an error or an operation that did not work points at.
 *
 * @since 0.1.0
 * @category getters
 */
export const pointers = (item: Item | undefined, operation: string | undefined): Pointers => {
  const anyway = Object.entries(byOperation).flatMap(([id, entry]) => id === operation ? strengths([entry], 0.8) : [])
  const fitting = item?.entries.filter((link) => link.operation === operation && operation !== undefined) ?? []
  const general = item?.entries.filter((link) => link.operation === undefined) ?? []
  return new Map([
    ...anyway,
    ...general.flatMap(({ entries }) => strengths(entries, fitting.length === 0 ? 0.9 : 0.5)),
    ...fitting.flatMap(({ entries }) => strengths(entries, 1))
  ])
}
