/**
 * What the sandbox's world consists of. Times are milliseconds on the sandbox's clock.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { FieldConfiguration, JobParameters } from "../habu/api/DataConnections.js"
import type { DatasetFilter } from "../habu/api/Datasets.js"
import type { ExportJobParameter } from "../habu/api/Exports.js"
import type { DecisionNodeInput } from "../habu/api/Flows.js"
import type { InviteStatus } from "../habu/api/Partners.js"
import type { QuestionDetails } from "../habu/api/Questions.js"
import type { CreateCleanroomQuestionRunScheduleInput } from "../habu/api/Schedules.js"
import type { Outcome } from "./Engine.js"
import type { Output } from "./QuestionExecution.js"

/**
 * An organisation. `party` says whose tables of the warehouse it holds.
 *
 * @since 0.1.0
 * @category models
 */
export interface Organization {
  readonly id: string
  readonly name: string
  readonly party: "retailer" | "brand" | "publisher" | "agency" | undefined
}

/**
 * A user of an organisation, people and API users alike.
 *
 * @since 0.1.0
 * @category models
 */
export interface Person {
  readonly id: string
  readonly organizationId: string
  readonly name: string
  readonly email: string
  readonly roleName: string
}

/**
 * A part of a clean room that can be closed to the API user.
 *
 * @since 0.1.0
 * @category models
 */
export type CleanRoomPart = "partners" | "users" | "invitations" | "datasets"

/**
 * A clean room with all its settings, which Habu shows few of.
 *
 * @since 0.1.0
 * @category models
 */
export interface CleanRoom {
  readonly id: string
  readonly displayId: string
  readonly name: string
  readonly description: string | undefined
  readonly ownerId: string
  readonly type: string
  readonly startAt: string
  readonly endAt: string | undefined
  readonly parameters: { readonly [name: string]: string }
  readonly denied: ReadonlyArray<CleanRoomPart>
  /** Permissions that partners get on questions added from now on, beyond those they always get. */
  readonly granted: ReadonlyArray<string>
  readonly createdAt: number
  readonly updatedAt: number
}

/**
 * An organisation's part in another's clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface CleanRoomPartner {
  readonly id: string
  readonly cleanRoomId: string
  readonly organizationId: string
  readonly createdAt: number
}

/**
 * A role that an organisation can give in a clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface CleanRoomRole {
  readonly id: string
  readonly cleanRoomId: string
  readonly organizationId: string
  readonly name: string
}

/**
 * A person's place in a clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface CleanRoomUser {
  readonly id: string
  readonly cleanRoomId: string
  readonly personId: string
  readonly roleId: string
  readonly createdAt: number
  readonly updatedAt: number
}

/**
 * An invitation to a clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface Invitation {
  readonly id: string
  readonly cleanRoomId: string
  readonly organizationId: string
  readonly partnerOrganizationId: string | undefined
  readonly email: string
  readonly note: string
  readonly invitorEmail: string
  readonly status: InviteStatus
  readonly createdAt: number
  readonly updatedAt: number
}

/**
 * A data connection. Its stage follows from when the check began, what its configuration reaches, and `mapped`. A check
 * that is `stuck` never ends; `unseen` are columns that its source got after the schema was read.
 *
 * @since 0.1.0
 * @category models
 */
export interface DataConnection {
  readonly id: string
  readonly organizationId: string
  readonly name: string
  readonly category: string
  readonly credentialId: string | undefined
  readonly dataType: string
  readonly dataSource: string
  readonly configuration: ReadonlyArray<JobParameters>
  readonly checkedFrom: number
  readonly stuck: boolean
  readonly mapped: boolean
  readonly unseen: ReadonlyArray<string>
  readonly fields: ReadonlyArray<FieldConfiguration>
}

/**
 * A data connection (or view) made available in a clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface Dataset {
  readonly id: string
  readonly cleanRoomId: string
  readonly organizationId: string
  readonly connectionId: string
  readonly name: string
  readonly renames: { readonly [field: string]: string }
  readonly excluded: ReadonlyArray<string>
  readonly filters: ReadonlyArray<DatasetFilter>
  readonly partnerCanAssign: boolean
  readonly rampIdConsent: boolean
}

/**
 * A question of an organisation, all its versions, the first first.
 *
 * @since 0.1.0
 * @category models
 */
export interface Question {
  readonly id: string
  readonly displayId: string
  readonly organizationId: string
  readonly versions: ReadonlyArray<QuestionDetails>
  readonly createdAt: number
}

/**
 * Which dataset a question's macro reads, and whose it must be.
 *
 * @since 0.1.0
 * @category models
 */
export interface Binding {
  readonly id: string
  readonly macro: string
  readonly ownerId: string
  readonly datasetId: string | undefined
  readonly columns: { readonly [questionField: string]: string }
  readonly assignedAt: number | undefined
}

/**
 * What a run parameter may be.
 *
 * @since 0.1.0
 * @category models
 */
export interface Constraint {
  readonly type: "ENFORCED_LIST" | "DEFAULT_VALUE"
  readonly allowed: ReadonlyArray<string>
  readonly defaultValue: string | undefined
}

/**
 * A question in a clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface CleanRoomQuestion {
  readonly id: string
  readonly displayId: string
  readonly cleanRoomId: string
  readonly questionId: string
  readonly ownerId: string
  readonly isEditable: boolean
  readonly computeCapacity: string
  readonly bindings: ReadonlyArray<Binding>
  readonly constraints: { readonly [parameter: string]: Constraint }
  readonly permissions: ReadonlyArray<{ readonly id: string; readonly permission: string; readonly access: string }>
  readonly shares: ReadonlyArray<{ readonly id: string; readonly partnerId: string; readonly queryId: string }>
  readonly segmentation: { readonly assetId: string; readonly name: string; readonly rampId: string } | undefined
  readonly createdAt: number
}

/**
 * A run. Its status follows from when it was submitted and how long it takes, unless someone `reported` one.
 *
 * @since 0.1.0
 * @category models
 */
export interface Run {
  readonly id: string
  readonly cleanRoomQuestionId: string
  readonly name: string
  readonly parameters: { readonly [name: string]: string }
  readonly questionVersion: number
  readonly submittedAt: number
  readonly executedAt: number
  readonly completedAt: number
  readonly outcome: Outcome
  readonly reported:
    | { readonly status: string; readonly at: number; readonly details: { readonly [name: string]: string } }
    | undefined
}

/**
 * A schedule of runs. Firings up to `firedUntil` have become runs.
 *
 * @since 0.1.0
 * @category models
 */
export interface Schedule {
  readonly id: string
  readonly displayId: string
  readonly cleanRoomQuestionId: string
  readonly input: CreateCleanroomQuestionRunScheduleInput
  readonly createdBy: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly firedUntil: number
}

/**
 * A question's place in a flow. `label` is the question's display id, with `_1`, `_2` for the same question again; an
 * edge feeds a macro with what another node produced; the other macros read datasets.
 *
 * @since 0.1.0
 * @category models
 */
export interface FlowNode {
  readonly id: string
  readonly label: string
  readonly questionId: string
  readonly level: number
  readonly edges: ReadonlyArray<{
    readonly id: string
    readonly macro: string
    readonly parentId: string
    /** Names in the node's data by names in what the parent produced. */
    readonly columns: { readonly [datasetField: string]: string }
  }>
  readonly bindings: ReadonlyArray<Binding>
  readonly tags: ReadonlyArray<string>
  readonly computeCapacity: string
  readonly access: ReadonlyArray<string>
}

/**
 * A decision on what a node produced. `override` marks those of the clean room's own tier.
 *
 * @since 0.1.0
 * @category models
 */
export interface FlowDecision {
  readonly nodeId: string
  readonly override: boolean
  readonly input: DecisionNodeInput
}

/**
 * A flow of a clean room, all its versions; `version` is the number of the one in use, from 1.
 *
 * @since 0.1.0
 * @category models
 */
export interface Flow {
  readonly id: string
  readonly displayId: string
  readonly flowId: string
  readonly flowDisplayId: string
  readonly cleanRoomId: string
  readonly name: string
  readonly description: string | undefined
  readonly versions: ReadonlyArray<{
    readonly nodes: ReadonlyArray<FlowNode>
    readonly message: string | undefined
    readonly createdAt: number
  }>
  readonly version: number
  readonly decisions: ReadonlyArray<FlowDecision>
  readonly createdAt: number
  readonly updatedAt: number
}

/**
 * A node's part in a flow run: it takes `duration` milliseconds of its level's time. `gate` says whether the decision on
 * it, if there is one, lets the flow go on.
 *
 * @since 0.1.0
 * @category models
 */
export interface FlowRunNode {
  readonly id: string
  readonly nodeId: string
  readonly level: number
  readonly parameters: { readonly [name: string]: string }
  readonly duration: number
  readonly outcome: Outcome
  readonly gate: Effect.Effect<"open" | "end" | "failed">
}

/**
 * A run of a flow. It goes level by level; a stretch begins at the start and at each time that it is resumed, and stops
 * before its `pauseLevel`.
 *
 * @since 0.1.0
 * @category models
 */
export interface FlowRun {
  readonly id: string
  readonly flowRowId: string
  readonly flowVersion: number
  readonly parentId: string | undefined
  readonly name: string
  readonly submittedAt: number
  readonly nodes: ReadonlyArray<FlowRunNode>
  /** Nodes below this level were taken over from the run that this one replays. */
  readonly startLevel: number
  readonly stretches: ReadonlyArray<{ readonly startedAt: number; readonly pauseLevel: number | undefined }>
}

/**
 * A credential of an organisation. Its values are checked, and shown to nobody; LiveRamp keeps those that it manages.
 *
 * @since 0.1.0
 * @category models
 */
export interface Credential {
  readonly id: string
  readonly organizationId: string
  readonly name: string
  /** The kind of credential, by the name that credential sources have. */
  readonly sourceName: string
  readonly values: { readonly [field: string]: Redacted.Redacted }
  readonly createdAt: number
  readonly updatedAt: number
}

/**
 * A destination: an organisation's account with a partner. Its status follows from when its check began and from what
 * it was given.
 *
 * @since 0.1.0
 * @category models
 */
export interface Destination {
  readonly id: string
  readonly organizationId: string
  readonly name: string
  readonly partnerId: string
  readonly credentialId: string | undefined
  readonly publicKey: string | undefined
  readonly checkedFrom: number
  readonly createdAt: number
  readonly updatedAt: number
}

/**
 * A destination's place in a clean room, and what the clean room's owner said to it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Provision {
  readonly id: string
  readonly cleanRoomId: string
  readonly destinationId: string
  readonly review: "PENDING" | "APPROVED" | "REJECTED"
  readonly createdAt: number
  readonly updatedAt: number
}

/**
 * A job that exports what a clean room question or a flow node produces. What ended up to `exportedUntil` has been taken
 * up.
 *
 * @since 0.1.0
 * @category models
 */
export interface ExportJob {
  readonly id: string
  readonly name: string
  readonly cleanRoomId: string
  readonly source:
    | { readonly _tag: "Question"; readonly cleanRoomQuestionId: string }
    | { readonly _tag: "Node"; readonly flowRowId: string; readonly nodeId: string }
  readonly destinationId: string
  readonly parameters: ReadonlyArray<ExportJobParameter>
  readonly datasetId: string | undefined
  readonly status: "ACTIVE" | "PAUSED"
  readonly createdAt: number
  readonly updatedAt: number
  readonly exportedUntil: number
}

/**
 * An export of one run. Its status follows from when it was submitted and from what that run produced, if it did:
 * `obstacle` is what kept it from being sent at all.
 *
 * @since 0.1.0
 * @category models
 */
export interface ExportRun {
  readonly id: string
  readonly jobId: string
  readonly source: { readonly id: string; readonly name: string; readonly output: Effect.Effect<Output | undefined> }
  readonly submittedAt: number
  readonly obstacle: string | undefined
}

/**
 * A template of executions: models that each stand for a question of its clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface ExecutionTemplate {
  readonly id: string
  readonly cleanRoomId: string
  readonly name: string
  readonly codeVersions: ReadonlyArray<string>
  readonly models: { readonly [model: string]: string }
}

/**
 * An execution of a template: one run for each model. Its status follows from theirs.
 *
 * @since 0.1.0
 * @category models
 */
export interface Execution {
  readonly id: string
  readonly cleanRoomId: string
  readonly templateId: string
  readonly name: string
  readonly codeVersion: string
  readonly outputType: string | undefined
  readonly runs: { readonly [model: string]: string }
  readonly createdAt: number
  readonly cancelledAt: number | undefined
}

/**
 * Whether one thing is billable. Without a row it is as the thing above it is.
 *
 * @since 0.1.0
 * @category models
 */
export interface BillableConfig {
  readonly id: string
  readonly sourceType: string
  readonly sourceId: string
  readonly compositeSourceId: string | undefined
  readonly value: "true" | "false"
}

/**
 * A column of a view. `origins` are the fields of its data connections whose values it returns, as `@macro.field`.
 *
 * @since 0.1.0
 * @category models
 */
export interface ViewField {
  readonly name: string
  readonly type: string
  readonly origins: ReadonlyArray<string>
}

/**
 * A view over data connections. `fields` is undefined if its query does not hold up.
 *
 * @since 0.1.0
 * @category models
 */
export interface View {
  readonly id: string
  readonly organizationId: string
  readonly name: string
  readonly query: string
  readonly version: number
  readonly sources: ReadonlyArray<{ readonly dataConnectionId: string; readonly macro: string }>
  readonly fields: ReadonlyArray<ViewField> | undefined
  readonly createdAt: number
  readonly updatedAt: number
}
