/**
 * Bringing a data connection, or a view, into a clean room as a dataset, with the fields and rows that it shows there.
 *
 * Habu has the whole dataset in the clean room before it can be limited; what could not be limited then is told loudly.
 * Consent to RampID as a join key cannot be read back, so that what was set through this server is remembered.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import type {
  CleanRoomDataset,
  CleanRoomDatasetUpdateRequest,
  DatasetFilter,
  DatasetFilterInput
} from "../../habu/api/Datasets.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Known, known } from "../../habu/HabuDirectory.js"
import { NotFound } from "../../habu/HabuError.js"
import { HabuState } from "../../habu/HabuState.js"
import * as Text from "../../habu/Text.js"
import * as State from "../../state/StateStore.js"
import * as Plan from "../Plan.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * A condition on the rows that the clean room sees.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Filter = Schema.Struct({
  field: Schema.String,
  operator: Schema.Literal("EQUALS", "NOT_EQUALS", "IN", "NOT_IN"),
  values: Schema.Array(Schema.String)
})

export interface Filter extends Schema.Schema.Type<typeof Filter> {}

/**
 * What is brought into a clean room, and how. `rampIdConsent` is a legal attestation: it is asked for as contractual.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly cleanRoom: Known<CleanRoom>
  readonly source: { readonly id: string; readonly name?: string }
  readonly hide?: ReadonlyArray<string> | undefined
  readonly filters?: ReadonlyArray<Filter> | undefined
  readonly rampIdConsent?: boolean | undefined
  readonly needs?: ReadonlyArray<string> | undefined
}

const titled = ({ cleanRoom, source }: Pick<Options, "cleanRoom" | "source">) =>
  `${JSON.stringify(Words.said(source.name, 80) ?? "")} in ${JSON.stringify(Words.title(cleanRoom))}`

/**
 * The step that brings a data connection into a clean room.
 *
 * @since 0.1.0
 * @category formatting
 */
export const bringingStep = (options: Pick<Options, "cleanRoom" | "source">): string =>
  `make a dataset of ${titled(options)}`

/**
 * The step that limits what a clean room sees of a dataset.
 *
 * @since 0.1.0
 * @category formatting
 */
export const limitingStep = (options: Pick<Options, "cleanRoom" | "source">): string =>
  `limit the fields and rows of ${titled(options)}`

const unfinished = /not|pending|unconfigured|available|required|missing/i

/**
 * The dataset that a clean room has of a data connection or view. A list may also hold what could be configured.
 *
 * @since 0.1.0
 * @category getters
 */
export const ofSource = (
  { id, name }: Options["source"],
  datasets: ReadonlyArray<CleanRoomDataset>
): Known<CleanRoomDataset> | undefined =>
  known(datasets).find((dataset) =>
    (dataset.dataConnectionId === id ||
      (dataset.isView === true && Text.folded(dataset.name ?? "") === Text.folded(name ?? ""))) &&
    !unfinished.test(dataset.configurationStatus ?? "")
  )

const datasetsOf = (cleanroomId: string) =>
  Effect.flatMap(HabuClient, (habu) => habu.getCleanroomDatasets({ path: { cleanroomId } }))

const datasetOf = ({ cleanRoom, source }: Options) =>
  Effect.map(datasetsOf(cleanRoom.id), (datasets) => ofSource(source, datasets))

const isSame = (a: string | undefined, b: string | undefined) => Text.folded(a ?? "") === Text.folded(b ?? "")

const filterInput = (filter: DatasetFilter): DatasetFilterInput => ({
  ...filter,
  datasetFieldName: filter.datasetFieldName ?? "",
  operator: (filter.operator ?? "") as DatasetFilterInput["operator"],
  values: filter.values ?? []
})

const wishedFilter = ({ field, operator, values }: Filter): DatasetFilterInput => ({
  datasetFieldName: field,
  operator,
  values
})

const filterWords = ({ datasetFieldName, operator, values = [] }: DatasetFilter) =>
  `${Words.said(datasetFieldName, 60)} ${operator} ${
    values.slice(0, 5).map((value) => JSON.stringify(Words.said(value, 40) ?? "")).join(", ")
  }${values.length > 5 ? `, … (${values.length})` : ""}`

const equal = (one: DatasetFilter, other: DatasetFilter) =>
  isSame(one.datasetFieldName, other.datasetFieldName) && one.operator === other.operator &&
  JSON.stringify([...one.values ?? []].sort()) === JSON.stringify([...other.values ?? []].sort())

// What is there already stays: other fields stay hidden, filters on other fields stand.
const limited = (
  { datasetFieldMappings = [], datasetFilters = [] }: CleanRoomDataset,
  { filters = [], hide = [] }: Options
) => {
  const wanted = filters.map(wishedFilter)
  const others = datasetFilters.filter((one) =>
    !wanted.some(({ datasetFieldName }) => isSame(datasetFieldName, one.datasetFieldName))
  )
  return {
    datasetFieldMappings: datasetFieldMappings.map((mapping) => ({
      ...mapping,
      fieldName: mapping.fieldName ?? "",
      rename: mapping.rename ?? "",
      isExcluded: mapping.isExcluded === true || hide.some((field) => isSame(field, mapping.fieldName))
    })),
    datasetFilters: [...others.map(filterInput), ...wanted]
  } satisfies CleanRoomDatasetUpdateRequest
}

const isLimited = (dataset: CleanRoomDataset, { filters = [], hide = [] }: Options) =>
  hide.every((field) =>
    dataset.datasetFieldMappings?.some((one) => isSame(one.fieldName, field) && one.isExcluded === true) ?? false
  ) &&
  filters.map(wishedFilter).every((filter) => dataset.datasetFilters?.some((one) => equal(one, filter)) ?? false)

const unknownField = (dataset: CleanRoomDataset, { filters = [], hide = [] }: Options) => {
  const fields = (dataset.datasetFieldMappings ?? []).map(({ fieldName }) => fieldName ?? "")
  const stranger = [...hide, ...filters.map(({ field }) => field)].find((name) =>
    !fields.some((field) => isSame(field, name))
  )
  return stranger === undefined ? undefined : new Workflow.InputInvalid({
    field: hide.includes(stranger) ? "hide_fields" : "filters",
    problem: `names ${JSON.stringify(Words.said(stranger, 60))}, which the dataset does not have`,
    options: fields.slice(0, 60).map((field) => Words.said(field, 60) ?? ""),
    advice: "Name fields as the data connection has them."
  })
}

const consentOf = ({ cleanRoom, source }: Options): State.StateKey<boolean, boolean> => ({
  name: `ramp-id-consent/${cleanRoom.id}/${source.id}`,
  schema: Schema.Boolean
})

const consentKept = Duration.days(3650)

const consentKnown = Effect.fnUntraced(function*(options: Options) {
  const state = yield* HabuState
  return yield* Effect.orElseSucceed(state.get(consentOf(options)), Option.none<boolean>)
})

const remember = (options: Options, consent: boolean) =>
  Effect.flatMap(
    HabuState,
    (state) => Effect.ignoreLogged(state.update(consentOf(options), () => [undefined, State.set(consent, consentKept)]))
  )

const configure = (options: Options, consent: boolean) =>
  Effect.gen(function*() {
    const habu = yield* HabuClient
    yield* habu.configureCleanroomDataset({
      path: { cleanroomId: options.cleanRoom.id },
      urlParams: { dataConnectionId: options.source.id },
      payload: { rampIDConsent: consent }
    })
    yield* remember(options, consent)
  })

const consenting = " with consent to RampID as a join key, which is a legal attestation " +
  "(LiveRamp's RampID data protection attestation)"

const bringing = (options: Options): Plan.Change<HabuClient | HabuState> => {
  const consent = options.rampIdConsent === true
  const step = bringingStep(options)
  return {
    step,
    grade: consent ? "contractual" : "ordinary",
    preview: consent ? `${step}${consenting}` : `${step}; no operation takes it out again`,
    makes: `dataset/${options.cleanRoom.id}/${options.source.id}`,
    needs: options.needs ?? [],
    write: configure(options, consent),
    shown: Effect.map(datasetOf(options), (dataset) => dataset !== undefined)
  }
}

const attesting = (options: Options, consent: boolean): Plan.Change<HabuClient | HabuState> => {
  const step = `${consent ? "give" : "withdraw"} consent to RampID for ${titled(options)}`
  return {
    step,
    grade: consent ? "contractual" : "ordinary",
    preview: consent ? `${step}, which is a legal attestation; Habu does not let one read it back` : step,
    write: configure(options, consent)
  }
}

const limiting = (
  options: Options,
  now: CleanRoomDataset | undefined
): Plan.Change<HabuClient> => {
  const step = limitingStep(options)
  const replaced = (now?.datasetFilters ?? []).filter((one) =>
    options.filters?.some((filter) => isSame(filter.field, one.datasetFieldName) && !equal(wishedFilter(filter), one))
  )
  const words = [
    ...(options.hide ?? []).map((field) => `without ${Words.said(field, 60)}`),
    ...(options.filters ?? []).map((filter) => `only ${filterWords(wishedFilter(filter))}`),
    ...replaced.map((filter) => `in place of ${filterWords(filter)}`)
  ]
  return {
    step,
    grade: replaced.length > 0 ? "privacy_lowering" : "ordinary",
    preview: `${step}: ${words.join("; ")}`,
    needs: now === undefined ? [bringingStep(options)] : [],
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      const dataset = yield* datasetOf(options)
      if (dataset === undefined) {
        return yield* Effect.fail(new NotFound({ operation: "updateCleanroomDatasetById" }))
      }
      const wrong = unknownField(dataset, options)
      if (wrong !== undefined) return yield* Effect.fail(wrong)
      yield* habu.updateCleanroomDatasetById({
        path: { cleanroomId: options.cleanRoom.id, datasetId: dataset.id },
        payload: limited(dataset, options)
      })
      return words.join("; ")
    }),
    shown: Effect.map(datasetOf(options), (dataset) => dataset !== undefined && isLimited(dataset, options))
  }
}

/**
 * What is to be done and what is so already.
 *
 * @since 0.1.0
 * @category models
 */
export interface Planned {
  readonly changes: ReadonlyArray<Plan.Change<HabuClient | HabuState>>
  readonly settled: ReadonlyArray<Plan.Step>
}

/**
 * Plans bringing a data connection into a clean room (operations `configureCleanroomDataset`,
 * `updateCleanroomDatasetById`). A dataset that is there is not configured again, so that its consent stays as it is
 * unless one is asked for. A clean room whose datasets cannot be read is a step that was not done.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plan = Effect.fn("Provisioning.plan")(function*(options: Options) {
  const step = bringingStep(options)
  const read = yield* Reading.attempt("datasets", datasetOf(options))
  if (read._tag !== "Answered") {
    const { error } = read
    return {
      changes: [],
      settled: [{
        step,
        result: read._tag === "Denied" ? "denied" : "failed",
        detail: `${error.message} ${error.advice}`,
        code: error.code
      }]
    } satisfies Planned
  }
  const dataset = read.value
  const isBound = (options.hide ?? []).length + (options.filters ?? []).length > 0
  const isDone = dataset !== undefined && isLimited(dataset, options)
  const limits = !isBound || isDone ? [] : [limiting(options, dataset)]
  const bound = isBound && isDone ? [Plan.already(limitingStep(options))] : []
  if (dataset === undefined) return { changes: [bringing(options), ...limits], settled: bound } satisfies Planned
  const { rampIdConsent } = options
  const set = yield* consentKnown(options)
  const attests = rampIdConsent === undefined || Option.contains(set, rampIdConsent)
    ? []
    : [attesting(options, rampIdConsent)]
  return { changes: [...attests, ...limits], settled: [Plan.already(step), ...bound] } satisfies Planned
})

/**
 * What must be said where a dataset is in its clean room without the limits it was to have.
 *
 * @since 0.1.0
 * @category getters
 */
export const unlimited = (steps: ReadonlyArray<Plan.Step>): ReadonlyArray<string> =>
  steps.filter(({ result, step }) =>
    step.startsWith("limit ") && (result === "failed" || result === "denied" || result === "unknown")
  ).map(({ step }) => `A dataset is in its clean room, perhaps WITHOUT its limits: could not ${step}. Do that first.`)
