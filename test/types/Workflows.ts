/**
 * What each workflow can fail with and what it needs, pinned: the type check fails where either changes.
 */
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { AuditLog } from "../../src/audit/AuditLog.js"
import type { HabuAuth } from "../../src/habu/HabuAuth.js"
import type { HabuBreaker } from "../../src/habu/HabuBreaker.js"
import type { HabuBudget } from "../../src/habu/HabuBudget.js"
import type { HabuCache } from "../../src/habu/HabuCache.js"
import type { HabuClient, Methods } from "../../src/habu/HabuClient.js"
import type { HabuConfig } from "../../src/habu/HabuConfig.js"
import type { HabuDirectory } from "../../src/habu/HabuDirectory.js"
import type { HabuError, ReferenceError } from "../../src/habu/HabuError.js"
import type { HabuProbe } from "../../src/habu/HabuProbe.js"
import type { HabuState } from "../../src/habu/HabuState.js"
import type { Results } from "../../src/results/Results.js"
import type { ResultsFailed } from "../../src/results/ResultsError.js"
import type { RunFollower } from "../../src/runs/RunFollower.js"
import type { RunLedger } from "../../src/runs/RunLedger.js"
import type { StateStore } from "../../src/state/StateStore.js"
import type { Confirmation } from "../../src/workflows/Confirmation.js"
import type { CredentialReference } from "../../src/workflows/data/CredentialReference.js"
import type * as Workflows from "../../src/workflows/index.js"
import type { Survey } from "../../src/workflows/Survey.js"
import type { WatchList } from "../../src/workflows/WatchList.js"
import type { InputInvalid } from "../../src/workflows/Workflow.js"

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false

interface Pin<E, R> {
  readonly error: E
  readonly needs: R
}

type Referring = HabuError | ReferenceError | InputInvalid

/** What changes something stands on. */
type Changing = Confirmation | HabuCache | HabuClient | HabuConfig | HabuDirectory | HabuState

interface Pins {
  AnalyzeUsagePatterns: Pin<HabuError | ReferenceError, HabuDirectory | Survey>
  CallApiOperation: Pin<HabuError | InputInvalid, Confirmation | HabuClient>
  DeployAnalyticsQuestion: Pin<Referring, Changing | WatchList>
  DescribeApiOperations: Pin<InputInvalid, never>
  EstablishDataConnection: Pin<Referring, Changing | CredentialReference | WatchList>
  ExecuteFlowWorkflow: Pin<Referring | ResultsFailed, Changing | HabuBudget | RunFollower | RunLedger>
  ExecuteQuestionWorkflow: Pin<
    Referring | ResultsFailed,
    HabuBudget | HabuClient | HabuConfig | HabuDirectory | RunFollower | RunLedger
  >
  FindResources: Pin<Referring, HabuClient | HabuDirectory | RunLedger>
  HealthCheck: Pin<never, HabuBreaker | HabuBudget | HabuCache | HabuConfig | HabuProbe | StateStore>
  ManageCleanroomLifecycle: Pin<Referring, Changing | WatchList>
  ManageDataExports: Pin<Referring, Changing | CredentialReference>
  ManageDataIntegration: Pin<Referring, Changing | CredentialReference | WatchList>
  ManagePermissions: Pin<Referring, AuditLog | Changing>
  ManageQuestionSchedules: Pin<Referring, Changing | Survey | WatchList>
  MonitorCleanroomStatus: Pin<Referring, HabuDirectory | Survey | WatchList>
  MonitorOrganizationHealth: Pin<HabuError, HabuBudget | Survey>
  OnboardPartner: Pin<Referring, Changing | WatchList>
  RetrieveAndAnalyzeResults: Pin<
    Referring | ResultsFailed,
    AuditLog | HabuClient | HabuDirectory | Results | RunLedger
  >
  SetupCleanroomWorkspace: Pin<Referring, Changing | WatchList>
  ShareResults: Pin<Referring, AuditLog | Changing>
  TestConnection: Pin<HabuError, HabuAuth | HabuClient | HabuConfig>
  TroubleshootIssues: Pin<
    Referring,
    AuditLog | HabuAuth | HabuBudget | HabuCache | HabuClient | HabuConfig | HabuDirectory | HabuState | RunLedger
  >
}

interface AnyWorkflow {
  readonly Input: unknown
  readonly Output: Schema.Schema.AnyNoContext
  readonly run: (input: never) => Effect.Effect<unknown, unknown, unknown>
}

type Modules = typeof Workflows

type Names = { [Name in keyof Modules]: Modules[Name] extends AnyWorkflow ? Name : never }[keyof Modules]

type PinOf<Module> = Module extends { readonly run: (input: never) => Effect.Effect<unknown, infer E, infer R> }
  ? Pin<E, R>
  : never

type Differing<Name extends Names> = Name extends keyof Pins
  ? Same<PinOf<Modules[Name]>, Pins[Name]> extends true ? never : Name
  : Name

type None<_ extends never> = true

type AnswerOf<Name extends Names> = Effect.Effect.Success<ReturnType<Modules[Name]["run"]>>

type OutputOf<Name extends Names> = Schema.Schema.Type<Modules[Name]["Output"]>

type Unlike<Name extends Names> = Name extends Names
  ? [AnswerOf<Name>, OutputOf<Name>] extends [OutputOf<Name>, AnswerOf<Name>] ? never : Name
  : never

/** What a workflow answers with is what its schema says, and no narrower. */
export const answers: None<Unlike<Names>> = true

type Operation = ReturnType<Methods[keyof Methods]>

/** Every workflow is pinned here, and is as it is pinned. Where not, the message has its name. */
export const pinned: None<Differing<Names>> = true

/** An operation of the client fails with nothing but Habu's errors, and needs nothing more. */
export const operations: Same<
  Pin<Effect.Effect.Error<Operation>, Effect.Effect.Context<Operation>>,
  Pin<HabuError, never>
> = true
